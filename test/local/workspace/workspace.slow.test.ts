// Tests Countersign in a workspace whose Socket Mode connection is lost, and `npm start` after it was killed.
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { freePorts, npmStart } from '../../support/npm-start.ts';
import { BEN, isFilledOnce, openWorkspace } from '../../support/open-workspace.ts';
import { startSocketModeSlack, tokens } from '../../support/socket-mode-slack.ts';

describe('workspace', () => {
  it('reconnects when Slack asks for it and when the connection is lost', async () => {
    const opened = await openWorkspace();
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

  it('waits longer each time if connections end at once', async () => {
    const { cutAtHello, cut, connections } = await openWorkspace();
    cutAtHello();
    cut();
    await wait(2_500);
    expect(connections()).toBeGreaterThan(1);
    expect(connections()).toBeLessThan(5);
  });

  it('handles a press once if the connection is lost during it', async () => {
    const opened = await openWorkspace();
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

  it('continues after npm start was killed', { timeout: 120_000 }, async () => {
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
    await slack.say('U0ANA', '/trade AMZN 10');
    await expect.poll(() => slack.messages()).toHaveLength(1);
    await first.kill();
    const second = npmStart(ports, [], environment);
    await second.hasSaid('1 of the last run resumed');
    const [request] = slack.messages();
    expect(await slack.press('U0BEN', request?.ts ?? '', 'approve')).toMatchObject({ status: 200 });
    await second.hasSaid('envelope answered  what=approve  person=U0BEN  status=200');
    await expect
      .poll(() => slack.messages().filter(({ text }) => text.includes('*Filled.*')))
      .toHaveLength(1);
    expect(slack.messages().filter(({ threadTs }) => threadTs === undefined)).toHaveLength(1);
    second.child.kill('SIGINT');
    expect(await second.ended).toBe(0);
    expect(second.said()).toMatch(/\nEnded\.\n$/);
    expect(second.said()).not.toContain(tokens.bot);
  });
});
