// Tests the messages for wrong tokens or a wrong channel: one line that explains the fix and shows no token.
import { rmSync } from 'node:fs';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { noPersistence } from '../../../local/persistence.ts';
import { readTokens } from '../../../cli/workspace/tokens.ts';
import { startWorkspace } from '../../../local/workspace/workspace.ts';
import { assemblyWith, template } from '../../support/changed-assembly.ts';
import { freePorts, npmStart } from '../../support/npm-start.ts';
import { startSocketModeSlack, tokens } from '../../support/socket-mode-slack.ts';

const [bot, app] = ['xoxb-1-secret', 'xapp-1-secret'];

describe('wrong Slack settings', () => {
  it.each([
    [{ SLACK_BOT_TOKEN: bot }, 'SLACK_APP_TOKEN is not set, but the other token is.'],
    [{ SLACK_APP_TOKEN: app, SLACK_BOT_TOKEN: '' }, 'SLACK_BOT_TOKEN is not set, but the other token is.'],
    [
      { SLACK_BOT_TOKEN: app, SLACK_APP_TOKEN: bot },
      'SLACK_BOT_TOKEN and SLACK_APP_TOKEN are swapped. Exchange them in .env',
    ],
    [
      { SLACK_BOT_TOKEN: 'xoxp-secret', SLACK_APP_TOKEN: app },
      'SLACK_BOT_TOKEN must begin with xoxb- and contain no spaces',
    ],
    [
      { SLACK_BOT_TOKEN: bot, SLACK_APP_TOKEN: 'xapp-1 secret' },
      'SLACK_APP_TOKEN must begin with xapp- and contain no spaces',
    ],
  ])('%j are rejected: %s', (environment, said) => {
    expect(() => readTokens(environment)).toThrow(said);
    expect(() => readTokens(environment)).toThrow(
      /^[^\n]*SLACK_(BOT|APP)_TOKEN[^\n]*x(oxb|app)-(?!.*secret)[^\n]*$/,
    );
  });

  it('with only one of the two tokens are rejected', () => {
    expect(readTokens({ SLACK_BOT_TOKEN: bot, SLACK_APP_TOKEN: app })).toEqual({ bot, app });
    expect(readTokens({})).toBeUndefined();
    expect(readTokens({ SLACK_BOT_TOKEN: '', SLACK_APP_TOKEN: '' })).toBeUndefined();
  });

  const start = (
    apiUrl: string,
    given: typeof tokens | { bot: string; app: string } = tokens,
    assembly = inject('assembly'),
  ) =>
    startWorkspace({
      assembly,
      awsPort: 0,
      tokens: given,
      apiUrl,
      persistence: () => noPersistence,
      log: () => {},
    });

  it('of an organization is refused before anything is started', async () => {
    const { slack, apiUrl } = await startSocketModeSlack();
    slack.joinOrganization('workspace');
    await expect(start(apiUrl)).rejects.toThrow(/Enterprise Grid organization, which is not supported/);
  });

  it.each([
    [
      'auth.test',
      'token_revoked',
      /rejected the bot token \(token_revoked\)\. The app was uninstalled, .* install it again under Install App\. Copy the bot token .* Then run npm run setup\.$/,
    ],
    ['conversations.history', 'channel_not_found', /C0TRADING that the app can see .* such as C0123456789/],
    [
      'conversations.history',
      'missing_scope',
      /without the scope .* \(missing_scope\)\. Add each missing scope under OAuth & Permissions/,
    ],
    ['conversations.history', 'not_in_channel', /C0TRADING \(not_in_channel\)\. Type \/invite @Countersign/],
    [
      'conversations.history',
      'is_archived',
      /C0TRADING \(is_archived\)\. Restore the channel, or choose another/,
    ],
  ] as const)('are reported if %s answers %s', async (method, error, said) => {
    const { slack, apiUrl } = await startSocketModeSlack();
    slack.refuse(method, error);
    await expect(start(apiUrl)).rejects.toThrow(said);
  });

  it('are reported for each channel of the stack', async () => {
    const { apiUrl } = await startSocketModeSlack();
    const assembly = assemblyWith(template.Resources, { Channels: { Value: 'C0TRADING,C0RISKDESK' } });
    onTestFinished(() => rmSync(assembly, { recursive: true }));
    await expect(start(apiUrl, tokens, assembly)).rejects.toThrow('Slack has no channel C0RISKDESK');
  });

  it('are reported for a bot token of another app', async () => {
    const { apiUrl } = await startSocketModeSlack();
    const wrong = start(apiUrl, { ...tokens, bot: 'xoxb-other' });
    await expect(wrong).rejects.toThrow(
      'Slack rejected the bot token (invalid_auth). Copy the bot token from OAuth',
    );
  });

  it('are reported for an app token that Slack refuses', async () => {
    const { apiUrl, refuse } = await startSocketModeSlack();
    await expect(start(apiUrl, { ...tokens, app: 'xapp-other' })).rejects.toThrow(
      /^Slack opened no Socket Mode connection \(invalid_auth\)\. Turn Socket Mode on .* SLACK_APP_TOKEN=xapp-… /,
    );
    refuse('missing_scope');
    await expect(start(apiUrl)).rejects.toThrow('Slack opened no Socket Mode connection (missing_scope)');
  });

  it('are reported if Slack cannot be reached', async () => {
    await expect(start('http://127.0.0.1:9/api/')).rejects.toThrow(
      /^Slack cannot be reached at http:\/\/127\.0\.0\.1:9\/api\/ \(.+\)\. Check the network/,
    );
  });

  it('are the only output of npm start, which then does nothing', { timeout: 60_000 }, async () => {
    const started = npmStart(await freePorts(), [], { SLACK_BOT_TOKEN: bot });
    expect(await started.ended).toBe(1);
    expect(started.said()).toMatch(/^SLACK_APP_TOKEN is not set, [^\n]*\n$/);
  });

  it(
    'are reported if no channel is configured because setup was not finished',
    { timeout: 60_000 },
    async () => {
      const started = npmStart(await freePorts(), [], { SLACK_BOT_TOKEN: bot, SLACK_APP_TOKEN: app });
      expect(await started.ended).toBe(1);
      expect(started.said()).toMatch(
        /^No channel of your workspace is set\. Run npm run setup, [^\n]* npm start -- -c channel=C0123456789\n$/,
      );
    },
  );
});
