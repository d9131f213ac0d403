// Tests the notifications of the workspace state.
import { describe, expect, it } from 'vitest';
import { createClock } from '../../../../local/clock.ts';
import { createWorkspace } from '../../../../local/slack/store/state.ts';

describe('workspace state', () => {
  it('notifies each watcher once per change, and never after it has stopped watching', () => {
    const workspace = createWorkspace(createClock(), [{ id: 'C0TRADING', name: 'trading' }]);
    let told = 0;
    const unwatch = workspace.watch(() => told++);

    const message = workspace.add({ user: 'U0ANA', channel: 'C0TRADING', text: 'Hello' });
    workspace.replace({ ...message, text: 'Bye' });
    workspace.warn(message.ts, 'U0ANA', 'dispatch_failed');
    workspace.warn(message.ts, 'U0ANA', undefined);
    expect(told).toBe(4);

    workspace.warn(message.ts, 'U0ANA', undefined);
    workspace.keepResponseUrl({ id: 'r1', person: 'U0ANA', channel: 'C0TRADING', madeAt: 0, uses: 0 });
    expect(told).toBe(4);

    unwatch();
    workspace.remove(message.ts);
    expect(told).toBe(4);
    expect(workspace.messages()).toEqual([]);
  });
});
