// Tests that the local Slack loads the state of the version that had only one channel.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { persistIn } from '../../../../local/persistence.ts';
import { risk, startWithApp, trading } from '../../../support/start-tiny-app.ts';

const now = Date.now();
const ts = (count: number) => `1795000000.00000${count}`;
const saved = {
  version: 1,
  parts: {
    slack: {
      lastTs: 1_795_000_000_000_009,
      messages: [
        { ts: ts(1), bot: 'Countersign', text: 'Buy?' },
        { ts: ts(2), bot: 'Countersign', text: 'Bought', threadTs: ts(1) },
        { ts: ts(3), bot: 'Countersign', text: 'For you', directTo: 'U0ANA' },
      ],
      warnings: [],
      responseUrls: [
        { id: 'of-a-command', person: 'U0ANA', madeAt: now, uses: 0 },
        { id: 'of-a-press', person: 'U0ANA', madeAt: now, uses: 0, directTo: 'U0ANA' },
      ],
      triggers: [],
      modals: {},
      homes: {},
      groups: {},
      deactivated: [],
      timeZones: {},
      left: [],
      deleted: [ts(0)],
      archived: false,
      directMessageErrors: {},
    },
  },
};

it('messages without a channel are of the first one, and direct messages stay direct', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-earlier-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'state.json'), JSON.stringify(saved));
  const scopes = ['chat:write', 'channels:history'];
  const load = () => startWithApp({ scopes, channels: [trading, risk], persistence: persistIn(folder) });

  for (const { slack, client } of [await load(), await load()]) {
    expect(slack.messages().slice(0, 2)).toMatchObject([
      { channel: trading.id, text: 'Buy?' },
      { channel: trading.id, text: 'Bought' },
    ]);
    expect(slack.directMessages('U0ANA').slice(0, 1)).toMatchObject([
      { channel: 'D0LOCALANA', text: 'For you' },
    ]);
    const { messages } = await client.conversations.history({ channel: trading.id });
    expect(messages?.at(-1)?.text).toBe('Buy?');
    await client.chat.update({ channel: trading.id, ts: ts(1), text: 'Buy?' });
    // The reply to the deleted message is posted outside its thread: https://github.com/slack-go/slack/issues/1571
    await client.chat.postMessage({ channel: trading.id, text: 'Late', thread_ts: ts(0) });
    expect(slack.messages().at(-1)).not.toHaveProperty('threadTs');
    const respond = async (id: string) => {
      const body = JSON.stringify({ text: id });
      return (await fetch(`${slack.url}/response/${id}`, { method: 'POST', body })).status;
    };
    expect([await respond('of-a-command'), await respond('of-a-press')]).toEqual([200, 200]);
    expect(slack.seenBy('U0ANA').at(-1)).toMatchObject({ channel: trading.id, text: 'of-a-command' });
    expect(slack.directMessages('U0ANA').at(-1)).toMatchObject({ text: 'of-a-press' });
    expect(slack.messages().every(({ channel }) => channel === trading.id)).toBe(true);
  }
});
