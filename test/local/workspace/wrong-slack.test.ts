// What is wrong with the tokens or the channel is one line that says how to mend it, and shows no token.
import { expect, inject, it } from 'vitest';
import { noPersistence } from '../../../local/persistence.ts';
import { readTokens } from '../../../cli/workspace/tokens.ts';
import { startWorkspace } from '../../../local/workspace/workspace.ts';
import { freePorts, npmStart } from '../../support/npm-start.ts';
import { startSocketModeSlack, tokens } from '../../support/socket-mode-slack.ts';

const [bot, app] = ['xoxb-1-secret', 'xapp-1-secret'];

it.each([
  [{ SLACK_BOT_TOKEN: bot }, 'SLACK_APP_TOKEN is not set, and the other token is.'],
  [{ SLACK_APP_TOKEN: app, SLACK_BOT_TOKEN: '' }, 'SLACK_BOT_TOKEN is not set, and the other token is.'],
  [{ SLACK_BOT_TOKEN: app, SLACK_APP_TOKEN: bot }, 'SLACK_BOT_TOKEN and SLACK_APP_TOKEN are swapped'],
  [{ SLACK_BOT_TOKEN: 'xoxp-secret', SLACK_APP_TOKEN: app }, 'SLACK_BOT_TOKEN is not such a token'],
  [{ SLACK_BOT_TOKEN: bot, SLACK_APP_TOKEN: 'xapp-1 secret' }, 'SLACK_APP_TOKEN is not such a token'],
])('%j: %s', (environment, said) => {
  expect(() => readTokens(environment)).toThrow(said);
  expect(() => readTokens(environment)).toThrow(
    /^[^\n]*SLACK_(BOT|APP)_TOKEN[^\n]*x(oxb|app)-(?!.*secret)[^\n]*$/,
  );
});

it('takes both tokens, or none', () => {
  expect(readTokens({ SLACK_BOT_TOKEN: bot, SLACK_APP_TOKEN: app })).toEqual({ bot, app });
  expect(readTokens({})).toBeUndefined();
  expect(readTokens({ SLACK_BOT_TOKEN: '', SLACK_APP_TOKEN: '' })).toBeUndefined();
});

const start = (apiUrl: string, given: typeof tokens | { bot: string; app: string } = tokens) =>
  startWorkspace({
    assembly: inject('assembly'),
    awsPort: 0,
    tokens: given,
    apiUrl,
    persistence: () => noPersistence,
    log: () => {},
  });

it.each([
  ['auth.test', 'token_revoked', 'Slack does not take SLACK_BOT_TOKEN (token_revoked): copy it from OAuth'],
  ['conversations.history', 'channel_not_found', /C0TRADING that the app may see .* such as C0123456789/],
  [
    'conversations.history',
    'not_in_channel',
    /C0TRADING \(not_in_channel\)\. Type there: \/invite @Countersign/,
  ],
  ['conversations.history', 'is_archived', /C0TRADING \(is_archived\)\. Bring it back, or take another/],
] as const)('%s answers %s', async (method, error, said) => {
  const { slack, apiUrl } = await startSocketModeSlack();
  slack.refuse(method, error);
  await expect(start(apiUrl)).rejects.toThrow(said);
});

it('a bot token of another app', async () => {
  const { apiUrl } = await startSocketModeSlack();
  const wrong = start(apiUrl, { ...tokens, bot: 'xoxb-other' });
  await expect(wrong).rejects.toThrow('Slack does not take SLACK_BOT_TOKEN (invalid_auth): copy it');
});

it('an app token that Slack does not take', async () => {
  const { apiUrl, refuse } = await startSocketModeSlack();
  await expect(start(apiUrl, { ...tokens, app: 'xapp-other' })).rejects.toThrow(
    /^Slack opened no Socket Mode connection \(invalid_auth\)\. Turn Socket Mode on .* SLACK_APP_TOKEN=xapp-…$/,
  );
  refuse('missing_scope');
  await expect(start(apiUrl)).rejects.toThrow('Slack opened no Socket Mode connection (missing_scope)');
});

it('no Slack at all', async () => {
  await expect(start('http://127.0.0.1:9/api/')).rejects.toThrow(
    /^Slack cannot be reached at http:\/\/127\.0\.0\.1:9\/api\/ \(.+\)\. Look at the network/,
  );
});

it('is all that npm start says, before it does anything', { timeout: 60_000 }, async () => {
  const started = npmStart(await freePorts(), [], { SLACK_BOT_TOKEN: bot });
  expect(await started.ended).toBe(1);
  expect(started.said()).toMatch(/^SLACK_APP_TOKEN is not set, [^\n]*\n$/);
});

it('says that nothing names the channel, where setup was not finished', { timeout: 60_000 }, async () => {
  const started = npmStart(await freePorts(), [], { SLACK_BOT_TOKEN: bot, SLACK_APP_TOKEN: app });
  expect(await started.ended).toBe(1);
  expect(started.said()).toMatch(
    /^Nothing says which channel of your workspace is asked: npm run setup [^\n]*\n$/,
  );
});
