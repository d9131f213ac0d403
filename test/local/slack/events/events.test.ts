// Tests the Events API: the event for an opened app, its subscribers, and its retries.
import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readManifest } from '../../../../local/slack/store/manifest.ts';
import { signingSecret, startWithApp } from '../../../support/start-tiny-app.ts';

const events = ['app_home_opened'];

describe('events', () => {
  // https://docs.slack.dev/apis/events-api, https://docs.slack.dev/reference/events/app_home_opened
  it('are sent to a subscribed app as signed JSON when a person opens it', async () => {
    const { slack, app, clock } = await startWithApp({ events });
    const before = Math.floor(clock.now() / 1000);

    const answer = await slack.openHome('U0ANA', 'messages');

    expect(answer.status).toBe(200);
    const [{ headers, body } = { headers: {}, body: '' }] = app.received;
    const sent = JSON.parse(body);
    expect(sent).toEqual({
      type: 'event_callback',
      team_id: 'T0LOCAL',
      api_app_id: 'A0LOCAL',
      event: {
        type: 'app_home_opened',
        user: 'U0ANA',
        channel: 'D0LOCALANA',
        tab: 'messages',
        event_ts: expect.stringMatching(/^\d{10}\.\d{6}$/),
      },
      event_id: expect.stringMatching(/^Ev[0-9A-F]{10}$/),
      event_time: expect.any(Number),
      authorizations: [
        {
          enterprise_id: null,
          team_id: 'T0LOCAL',
          user_id: 'U0BOT',
          is_bot: true,
          is_enterprise_install: false,
        },
      ],
      is_ext_shared_channel: false,
    });
    expect(sent.event_time).toBeGreaterThanOrEqual(before);
    expect(headers).toMatchObject({ 'content-type': 'application/json' });
    const stamp = headers['x-slack-request-timestamp'];
    const digest = createHmac('sha256', signingSecret)
      .update(`v0:${String(stamp)}:${body}`)
      .digest('hex');
    expect(headers['x-slack-signature']).toBe(`v0=${digest}`);
  });

  it('are not sent to an app that subscribes to nothing or to another event', async () => {
    for (const subscribed of [[], ['member_joined_channel']]) {
      const { slack, app } = await startWithApp({ events: subscribed });

      expect(await slack.openHome('U0ANA', 'messages')).toEqual({ status: 200, milliseconds: 0, body: '' });
      expect(app.received).toEqual([]);
    }
  });

  it('have unique ids, and name the workspace of a person from elsewhere', async () => {
    const { slack, app } = await startWithApp({ events });

    await slack.openHome('U0EVE', 'messages');
    await slack.openHome('U0EVE', 'messages');

    const [first, second] = app.received.map(({ body }) => JSON.parse(body));
    expect(first).toMatchObject({ team_id: 'T0OTHER', authorizations: [{ team_id: 'T0LOCAL' }] });
    expect(second.event_id).not.toBe(first.event_id);
    await expect(slack.openHome('U0ROBO', 'messages')).rejects.toThrow('Robo has nothing to do with');
  });

  // https://docs.slack.dev/apis/events-api#retries
  it('are retried unchanged, with the attempt and the reason', async () => {
    const started = await startWithApp({ events });
    const { slack, app } = started;
    const retried = () => {
      const { headers, body } = app.received.at(-1) ?? { headers: {}, body: '' };
      const { 'x-slack-retry-num': count, 'x-slack-retry-reason': reason, 'content-type': type } = headers;
      return [count, reason, type, JSON.parse(body).event_id];
    };
    await expect(slack.redeliver()).rejects.toThrow('Nothing has been sent to the app yet');

    app.answer = (response) => response.writeHead(500).end();
    await slack.openHome('U0ANA', 'messages');
    const id = JSON.parse(app.received[0]?.body ?? '').event_id;
    app.answer = (response) => response.writeHead(204).end();
    await slack.redeliver();
    expect(retried()).toEqual(['1', 'http_error', 'application/json', id]);
    await slack.redeliver();
    expect(retried()).toEqual(['2', 'http_timeout', 'application/json', id]);
    expect(app.received).toHaveLength(3);

    const { url } = app;
    app.url = 'http://127.0.0.1:1/';
    expect(await slack.openHome('U0BEN', 'messages')).toMatchObject({ status: 'unreachable' });
    app.url = url;
    await slack.redeliver();
    expect(retried().slice(0, 2)).toEqual(['1', 'connection_failed']);
  });

  it('need a request URL in the manifest', () => {
    const manifest = (subscription: string) => `
features: { bot_user: { display_name: Countersign } }
settings: { event_subscriptions: { ${subscription} } }
`;

    expect(readManifest(manifest('request_url: x, bot_events: [app_home_opened]')).events).toEqual(events);
    expect(readManifest(manifest('')).events).toEqual([]);
    expect(() => readManifest(manifest('bot_events: [app_home_opened]'))).toThrow(
      'The manifest subscribes to events, but not at a settings.event_subscriptions.request_url',
    );
  });
});
