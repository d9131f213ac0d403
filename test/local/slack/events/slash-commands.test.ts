// Tests slash commands, from the signed request to the message that the person sees.
import { isValidSlackRequest, verifySlackRequest } from '@slack/bolt';
import { describe, expect, it } from 'vitest';
import { lastForm, signingSecret, startWithApp } from '../../../support/start-tiny-app.ts';
import type { TinyApp } from '../../../support/start-tiny-app.ts';

function verification(app: TinyApp, nowMilliseconds: number) {
  const { headers, body } = app.received[0] ?? { headers: {}, body: '' };
  return {
    signingSecret,
    body,
    nowMilliseconds,
    headers: {
      'x-slack-signature': String(headers['x-slack-signature']),
      'x-slack-request-timestamp': Number(headers['x-slack-request-timestamp']),
    },
  };
}

describe('slash commands', () => {
  it('reach the app with the fields that Slack sends', async () => {
    const { slack, app } = await startWithApp();

    const answer = await slack.say('U0ANA', '/trade AMZN  10 & more');

    expect(answer).toMatchObject({ status: 200, body: '' });
    expect(app.received[0]?.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(lastForm(app)).toEqual({
      team_id: 'T0LOCAL',
      team_domain: 'local',
      channel_id: 'C0TRADING',
      channel_name: 'trading',
      user_id: 'U0ANA',
      user_name: 'ana',
      command: '/trade',
      text: 'AMZN  10 & more',
      api_app_id: 'A0LOCAL',
      is_enterprise_install: 'false',
      response_url: expect.stringMatching(`^${slack.url}/response/[\\w-]{32}$`),
      trigger_id: expect.stringMatching(/^\d+\.\d+\.[0-9a-f]{32}$/),
    });
    expect(slack.seenBy('U0ANA')).toEqual([]);
  });

  it('are signed over the raw body, with the time of the clock', async () => {
    const { slack, app, clock } = await startWithApp();
    clock.skip(3_600_000);

    await slack.say('U0ANA', '/trade AMZN 10');

    verifySlackRequest(verification(app, clock.now()));
    expect(isValidSlackRequest({ ...verification(app, clock.now()), signingSecret: 'another' })).toBe(false);
    expect(Number(app.received[0]?.headers['x-slack-request-timestamp'])).toBeGreaterThan(
      Date.now() / 1000 + 3_590,
    );
  });

  it('show a text or JSON answer to the person only, and an in_channel answer to everyone', async () => {
    const { slack, app } = await startWithApp();

    app.answer = (response) => response.end('Usage: /trade SYMBOL [QUANTITY]');
    await slack.say('U0ANA', '/trade');
    expect(slack.seenBy('U0ANA')).toMatchObject([
      { bot: 'Countersign', text: 'Usage: /trade SYMBOL [QUANTITY]', onlyFor: 'U0ANA' },
    ]);
    expect(slack.seenBy('U0BEN')).toEqual([]);

    const said = { response_type: 'in_channel', text: 'Asked', blocks: [{ type: 'divider' }] };
    app.answer = (response) => response.end(JSON.stringify(said));
    await slack.say('U0ANA', '/trade AMZN');
    expect(slack.messages()).toMatchObject([
      { user: 'U0ANA', text: '/trade AMZN' },
      { bot: 'Countersign', text: 'Asked', blocks: [{ type: 'divider', block_id: expect.any(String) }] },
    ]);
  });

  it.for(['10', '"x"', 'null', '<not json>'])(
    'show an answer that only resembles JSON as text: %s',
    async (body) => {
      const { slack, app } = await startWithApp();
      app.answer = (response) => response.end(body);

      await slack.say('U0ANA', '/trade');

      expect(slack.seenBy('U0ANA').map((each) => each.text)).toEqual([body]);
    },
  );

  it.for([
    ['{"blocks":[{"type":"carousel"}]}', 'unsupported type: carousel [json-pointer:/blocks/0/type]'],
    ['{"text":"Hi","colour":"red"}', 'unsupported argument: colour'],
  ])('show an error for an invalid answer: %s', async ([body = '', complaint]) => {
    const { slack, app, events } = await startWithApp();
    app.answer = (response) => response.end(body);

    await slack.say('U0ANA', '/trade');

    expect(slack.seenBy('U0ANA').map((each) => each.text)).toEqual([
      '/trade failed with the error "invalid_command_response"',
    ]);
    expect(events[0]).toMatchObject({ event: 'answer_refused', errors: [complaint] });
  });

  it('show dispatch_failed for an answer other than 200, a redirect, or no app', async () => {
    const { slack, app } = await startWithApp();
    const failed = {
      bot: 'Slackbot',
      text: '/trade failed with the error "dispatch_failed"',
      onlyFor: 'U0ANA',
    };

    app.answer = (response) => response.writeHead(502).end('Bad gateway');
    expect(await slack.say('U0ANA', '/trade')).toMatchObject({ status: 502, body: 'Bad gateway' });
    app.answer = (response) => response.writeHead(302, { location: slack.url }).end();
    expect(await slack.say('U0ANA', '/trade')).toMatchObject({ status: 302 });
    app.url = 'http://127.0.0.1:1/';
    expect(await slack.say('U0ANA', '/trade')).toMatchObject({ status: 'unreachable', body: '' });

    expect(slack.seenBy('U0ANA')).toMatchObject([failed, failed, failed]);
  });

  it('show operation_timeout after three seconds', async () => {
    const { slack, app } = await startWithApp();
    app.answer = () => {};

    const answer = await slack.say('U0ANA', '/trade');

    expect(answer.status).toBe('timeout');
    expect(answer.milliseconds).toBeGreaterThanOrEqual(2_990);
    expect(slack.seenBy('U0ANA')).toMatchObject([
      { bot: 'Slackbot', text: '/trade failed with the error "operation_timeout"' },
    ]);
  });

  it('that are unknown or typed in a thread are answered by Slackbot', async () => {
    const { slack, app } = await startWithApp();
    await slack.say('U0BEN', 'Hello');
    const [hello] = slack.messages();

    await slack.say('U0ANA', '/sell AMZN');
    await slack.say('U0ANA', '/trade AMZN', hello?.ts);

    expect(slack.seenBy('U0ANA').slice(1)).toMatchObject([
      { bot: 'Slackbot', text: '/sell is not a valid command.', onlyFor: 'U0ANA' },
      { bot: 'Slackbot', text: '/trade is not supported in threads. Sorry!', threadTs: hello?.ts },
    ]);
    expect(app.received).toEqual([]);
  });

  it('are refused from unknown people, to unknown messages, and without text', async () => {
    const { slack } = await startWithApp();

    await expect(slack.say('U0NOBODY', 'Hello')).rejects.toThrow('Nobody here has the id U0NOBODY');
    await expect(slack.say('U0ANA', 'Hello', '1.000001')).rejects.toThrow('no message 1.000001');
    await expect(slack.say('U0ANA', ' ')).rejects.toThrow('nothing to say');
  });

  it('give a response URL that replaces the message of the command', async () => {
    const { slack, app } = await startWithApp();
    const replace = (text: string) =>
      fetch(lastForm(app)['response_url'] ?? '', {
        method: 'POST',
        body: JSON.stringify({ text, replace_original: true }),
      });

    app.answer = (response) => response.end('Asking');
    await slack.say('U0ANA', '/trade AMZN 1');
    await replace('Asked');
    app.answer = (response) => response.end();
    await slack.say('U0ANA', '/trade AMZN 2');
    await replace('Asking again');
    await replace('Asked again');

    expect(slack.seenBy('U0ANA').map((each) => each.text)).toEqual(['Asked', 'Asked again']);
  });
});
