// Countersign in a workspace that is reached through Socket Mode: Slack's own client, the deployed bundles, and a Slack
// that speaks the documented envelopes.
import { setTimeout as wait } from 'node:timers/promises';
import { expect, inject, it, onTestFinished } from 'vitest';
import { noPersistence } from '../../../local/persistence.ts';
import { startWorkspace } from '../../../local/workspace/workspace.ts';
import type { LogEvent } from '../../../local/world.ts';
import { freePorts, npmStart } from '../../support/npm-start.ts';
import { startSocketModeSlack, tokens } from '../../support/socket-mode-slack.ts';

const [ANA, BEN] = ['U0ANA', 'U0BEN'];

async function open() {
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

type Opened = Awaited<ReturnType<typeof open>>;

/** The function goes on for a while after it has answered. */
const isFilledOnce = async ({ fills, requests, workspace }: Opened) => {
  await expect.poll(fills).toHaveLength(1);
  await workspace.cloud.settled();
  expect(fills()).toHaveLength(1);
  expect(requests().map(({ text }) => text.split(':')[0])).toEqual(['Filled']);
};

it('goes round the loop: command, press, fill; answers go back with the acknowledgements', async () => {
  const opened = await open();
  const { slack, ask, sent, acknowledged, workspace } = opened;
  expect(workspace).toMatchObject({ team: 'Local', channel: 'C0TRADING' });
  const request = await ask('/trade AMZN 10');
  expect(await slack.press(BEN, request, 'approve')).toMatchObject({ status: 200, body: '' });
  await isFilledOnce(opened);
  expect(sent.map(({ type }) => type)).toEqual(['slash_commands', 'interactive']);
  expect(acknowledged).toEqual([
    {
      envelope_id: sent[0]?.envelope_id,
      payload: expect.objectContaining({ text: expect.stringContaining('Checking AMZN') }),
    },
    { envelope_id: sent[1]?.envelope_id, payload: {} },
  ]);
});

it('brings what a form got wrong back into the form, and fills the Home', async () => {
  const { slack, acknowledged } = await open();
  await slack.say(ANA, '/trade');
  await expect.poll(() => slack.modal(ANA)).toBeDefined();
  await slack.submit(ANA, { symbol: 'AMZN', quantity: '2000000' });
  expect(acknowledged.at(-1)?.payload).toMatchObject({ response_action: 'errors' });
  expect(slack.modal(ANA)).toBeDefined();
  expect(await slack.openHome(ANA)).toMatchObject({ status: 200 });
  expect(slack.home(ANA)).toBeDefined();
  expect(acknowledged.at(-1)?.payload).toEqual({});
});

it('does once what comes twice, and acknowledges it each time', async () => {
  const opened = await open();
  const { slack, ask, sent, send, acknowledged, botInvoked } = opened;
  const request = await ask('/trade AMZN 10');
  await slack.press(BEN, request, 'approve');
  const [command, press] = sent;
  const invoked = botInvoked();
  for (const again of [command, press]) if (again) send(again);
  await expect.poll(() => acknowledged.length).toBe(4);
  expect(acknowledged.slice(2)).toEqual(acknowledged.slice(0, 2));
  await isFilledOnce(opened);
  expect(botInvoked()).toBe(invoked);

  await slack.openHome(ANA);
  const event = sent.at(-1);
  // An event is repeated in a new envelope.
  if (event) send({ ...event, envelope_id: 'another' });
  await expect.poll(() => acknowledged.at(-1)?.envelope_id).toBe('another');
  expect(botInvoked()).toBe(invoked + 1);
});

it('connects anew when Slack asks for it, and when the connection drops', async () => {
  const opened = await open();
  const { slack, ask, refresh, cut, connections, events } = opened;
  refresh();
  await expect.poll(connections).toBe(2);
  await expect.poll(() => events('socket_connected')).toHaveLength(2);
  const request = await ask('/trade AMZN 10');
  refresh('warning');
  await expect.poll(() => events('socket_connected')).toHaveLength(3);
  cut();
  await expect.poll(() => events('socket_connected')).toHaveLength(4);
  expect(await slack.press(BEN, request, 'approve')).toMatchObject({ status: 200 });
  await isFilledOnce(opened);
});

it('waits longer each time where each connection ends at once', async () => {
  const { cutAtHello, cut, connections } = await open();
  cutAtHello();
  cut();
  await wait(2_500);
  expect(connections()).toBeGreaterThan(1);
  expect(connections()).toBeLessThan(5);
});

it('keeps a press whose connection drops in the middle, and does not do it again', async () => {
  const opened = await open();
  const { slack, ask, cutAtNext, open: letIn, sent, send, acknowledged, events, botInvoked } = opened;
  const request = await ask('/trade AMZN 10');
  cutAtNext();
  // Slack hears nothing, and says so to who pressed.
  expect(await slack.press(BEN, request, 'approve')).toMatchObject({ status: 'timeout' });
  await isFilledOnce(opened);
  expect(events('acknowledgement_lost')).toHaveLength(1);
  expect(events('socket_refused').length).toBeGreaterThan(0);
  const invoked = botInvoked();
  letIn();
  await expect.poll(() => events('socket_connected')).toHaveLength(2);
  const press = sent.at(-1);
  if (press) send(press);
  await expect.poll(() => acknowledged.at(-1)?.envelope_id).toBe(press?.envelope_id);
  await isFilledOnce(opened);
  expect(botInvoked()).toBe(invoked);
});

it('acknowledges nothing that the bot did not take', async () => {
  const { sent, send, ask, acknowledged, events } = await open();
  await ask('/trade AMZN 10');
  const [command] = sent;
  if (command)
    send({ ...command, envelope_id: 'unknown', payload: { ...command.payload, command: '/nothing' } });
  await expect.poll(() => events('envelope_failed')).toHaveLength(1);
  expect(events('envelope_failed')).toEqual([
    expect.objectContaining({ type: 'slash_commands', what: '/nothing', person: ANA, status: 404 }),
  ]);
  if (command) send({ ...command, envelope_id: 'odd', type: 'options' });
  await expect.poll(() => events('envelope_failed')).toHaveLength(2);
  expect(acknowledged).toHaveLength(1);
});

it('goes on after npm start was killed', { timeout: 120_000 }, async () => {
  const remote = await startSocketModeSlack();
  const { slack, apiUrl } = remote;
  const ports = await freePorts();
  const environment = {
    SLACK_BOT_TOKEN: tokens.bot,
    SLACK_APP_TOKEN: tokens.app,
    SLACK_API_URL: apiUrl,
    SETTINGS: '{"channel":"C0TRADING"}',
  };
  const first = npmStart(ports, [], environment);
  await first.hasSaid('your workspace Local, through Socket Mode');
  await slack.say(ANA, '/trade AMZN 10');
  await expect.poll(() => slack.messages()).toHaveLength(1);
  await first.kill();
  const second = npmStart(ports, [], environment);
  await second.hasSaid('1 execution resumed');
  const [request] = slack.messages();
  expect(await slack.press(BEN, request?.ts ?? '', 'approve')).toMatchObject({ status: 200 });
  await second.hasSaid('envelope answered  what=approve  person=U0BEN  status=200');
  await expect.poll(() => slack.messages().filter(({ text }) => text.includes('*Filled.*'))).toHaveLength(1);
  expect(slack.messages().filter(({ threadTs }) => threadTs === undefined)).toHaveLength(1);
  second.child.kill('SIGINT');
  expect(await second.ended).toBe(0);
  expect(second.said()).toMatch(/\nEnded\.\n$/);
  expect(second.said()).not.toContain(tokens.bot);
});
