// Countersign in a workspace that is reached through Socket Mode, with the local Slack behind Slack's own client.
// Called by the tests of workspaces.
import { expect, inject, onTestFinished } from 'vitest';
import { noPersistence } from '../../local/persistence.ts';
import { startWorkspace } from '../../local/workspace/workspace.ts';
import type { LogEvent } from '../../local/world.ts';
import { startSocketModeSlack, tokens } from './socket-mode-slack.ts';

export const ANA = 'U0ANA';
export const BEN = 'U0BEN';

export async function openWorkspace() {
  const remote = await startSocketModeSlack();
  const logged: LogEvent[] = [];
  const workspace = await startWorkspace({
    assembly: inject('assembly'),
    awsPort: 0,
    tokens,
    apiUrl: remote.apiUrl,
    persistence: () => noPersistence,
    log: (event) => logged.push(event),
  });
  onTestFinished(() => workspace.stop());
  const { slack } = remote;
  const events = (name: string) => logged.filter(({ event }) => event === name);
  return {
    ...remote,
    workspace,
    events,
    botInvoked: () =>
      events('function_invoked').filter((one) => String(one['function']).includes('Bot')).length,
    requests: () => slack.messages().filter(({ threadTs }) => threadTs === undefined),
    fills: () => slack.messages().filter(({ text }) => text.includes('*Filled.*')),
    ask: async (command: string): Promise<string> => {
      const before = slack.messages().length;
      expect(await slack.say(ANA, command)).toMatchObject({ status: 200 });
      await expect.poll(() => slack.messages().length).toBe(before + 1);
      return slack.messages().at(-1)?.ts ?? '';
    },
  };
}

type Opened = Awaited<ReturnType<typeof openWorkspace>>;

/** The function goes on for a while after it has answered. */
export const isFilledOnce = async ({ fills, requests, workspace }: Opened) => {
  await expect.poll(fills).toHaveLength(1);
  await workspace.cloud.settled();
  expect(fills()).toHaveLength(1);
  expect(requests().map(({ text }) => text.split(':')[0])).toEqual(['Filled']);
};
