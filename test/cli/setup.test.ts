// Tests `npm run setup` as a process: its questions, its checks, and the file it writes.
import { statSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { app, CHANNEL, openSlackWorkspace, type SlackWorkspace } from '../support/slack-workspace.ts';
import { APP_TOKEN, openOperatorDesk, type OperatorTerminal } from '../support/operator-terminal.ts';

let workspace: SlackWorkspace;
let desk: OperatorTerminal;

const PEOPLE = 'U0BEN,U0CHLOE';
const flags = [
  '--bot-token',
  app.botToken,
  '--app-token',
  APP_TOKEN,
  '--channel',
  CHANNEL,
  '--approvers',
  PEOPLE,
];

beforeAll(async () => {
  workspace = await openSlackWorkspace();
});
beforeEach(async () => {
  desk = await openOperatorDesk(workspace.slack.apiUrl);
  return () => desk.close();
});
afterAll(() => workspace.slack.close());

it('setup prints a link with the manifest and no request URL, asks, checks and writes the file', async () => {
  const answers = `${app.botToken}\n${APP_TOKEN}\n${CHANNEL}\n${PEOPLE}\n`;
  const { code, out, err } = await desk.run('setup', [], answers);
  expect({ code, err: err.includes('For example') }).toEqual({ code: 0, err: false });
  const link = /https:\/\/api\.slack\.com\/apps\?new_app=1&manifest_json=(\S+)/.exec(out)?.[1] ?? '';
  const manifest = JSON.parse(decodeURIComponent(link));
  expect(manifest.settings).toMatchObject({ socket_mode_enabled: true, interactivity: { is_enabled: true } });
  expect(JSON.stringify(manifest)).not.toContain('.invalid');
  expect(out).toContain('✓ bot token: workspace Local');
  expect(out).toContain('✓ app-level token: accepted');
  expect(out).toContain('✓ blocks of messages: accepted\n');
  expect(out).toContain(`✓ channel ${CHANNEL}: the app is a member`);
  expect(out).toContain('✓ approver U0BEN: Ben');
  expect(out).toContain('Next: npm start');
  expect(desk.env()).toContain(
    `SLACK_BOT_TOKEN='${app.botToken}'\nSLACK_APP_TOKEN='${APP_TOKEN}'\nSETTINGS='{`,
  );
});

it('setup never shows a token, and makes the file readable by its owner only', async () => {
  const { out, err } = await desk.run('setup', [], `${app.botToken}\n${APP_TOKEN}\n${CHANNEL}\n${PEOPLE}\n`);
  const again = await desk.run('setup', flags);
  for (const said of [out, err, again.out, again.err]) {
    expect(said).not.toContain(app.botToken);
    expect(said).not.toContain(APP_TOKEN);
  }
  expect(statSync(desk.envFile).mode & 0o777).toBe(0o600);
});

it('setup keeps earlier answers and all other lines of the file', async () => {
  desk.writeEnv('# mine\nPORT=3001\n');
  await desk.run('setup', flags);
  const { code, err } = await desk.run('setup', [], '\n\n\n\n');
  expect(code).toBe(0);
  expect(err).toContain(`press Enter to keep ${CHANNEL}`);
  expect(desk.env()).toMatch(/^# mine\nPORT=3001\nSLACK_BOT_TOKEN=/);
  expect(desk.env().match(/SETTINGS=/g)).toHaveLength(1);
});

it('setup keeps rules that were edited in the file', async () => {
  await desk.run('setup', flags);
  desk.writeEnv(desk.env().replace('"escalateTo":""', '"escalateTo":"U0DANA"'));
  const { out } = await desk.run('setup', flags);
  expect(out).toContain('✓ approver U0DANA: Dana');
  expect(desk.env()).toContain('"escalateTo":"U0DANA"');
});

it.each([
  [
    'a wrong bot token',
    ['--bot-token', 'xoxb-other'],
    /✗ bot token: failed\n +Slack rejected the bot token \(invalid_auth\)\. Copy the bot token from OAuth & Permissions → .* Then run this command again\./,
  ],
  [
    'a wrong app-level token',
    ['--app-token', 'xapp-other'],
    /✗ app-level token: invalid_auth\n +Copy the app-level token, or create one .* Then run this command again\./,
  ],
  [
    'an unknown channel',
    ['--channel', 'C0OTHERS'],
    /✗ channel C0OTHERS: failed\n +Slack has no channel C0OTHERS .* Check the id, such as C0123456789, at the bottom/,
  ],
  [
    'an unknown person',
    ['--approvers', 'U0BEN,U0NOBODY'],
    /✗ approver U0NOBODY: user_not_found\n +Check the id\./,
  ],
  [
    'a deactivated person',
    ['--approvers', 'U0BEN,U0FRED'],
    /✗ approver U0FRED: deactivated\n +This user cannot approve/,
  ],
  ['a bot', ['--approvers', 'U0BEN,U0ROBO'], /✗ approver U0ROBO: a bot\n +This user cannot approve/],
  [
    'a person of another workspace',
    ['--approvers', 'U0BEN,U0EVE'],
    /✗ approver U0EVE: of another workspace\n +This user cannot/,
  ],
  ['an unknown group', ['--approvers', 'S0NONE'], /✗ user group S0NONE: no_such_subteam\n +Check the id\./],
])('setup explains how to fix %s, and keeps the answers', async (_, wrong, said) => {
  const given = flags.map((flag, at) => (flags[at - 1] === wrong[0] ? (wrong[1] ?? '') : flag));
  const { code, out, err } = await desk.run('setup', given);
  expect(out).toMatch(said);
  expect(err).toContain('Fix them and run this command again. Press Enter to keep a value from .env.');
  expect(code).toBe(1);
  expect(desk.env()).toContain(`"channel":"${given[5]}"`);
});

it.each([
  [
    'tokens swapped',
    ['--bot-token', APP_TOKEN],
    'That is not a bot token: it begins with xoxb- and is under OAuth & Permissions → Bot User OAuth Token. Pass it as',
  ],
  [
    'a channel’s name',
    ['--channel', '#trading'],
    '"#trading" is not a channel id: it looks like C0123456789',
  ],
  [
    'a person’s name',
    ['--approvers', '@ben'],
    '"@ben" is not a list of approvers: it needs at least two user ids',
  ],
  [
    'one approver',
    ['--approvers', 'U0BEN'],
    'at least two user ids, because nobody can approve their own request',
  ],
])('setup rejects %s with an explanation and an example, and shows no secret', async (_, wrong, said) => {
  const given = flags.map((flag, at) => (flags[at - 1] === wrong[0] ? (wrong[1] ?? '') : flag));
  const { code, err } = await desk.run('setup', given);
  expect(code).toBe(1);
  expect(err).toContain(said);
  expect(err).toContain('For example: npm run setup');
  expect(err).not.toContain(APP_TOKEN);
});

it.each([
  [
    'workspace',
    /✗ bot token: failed\n +The workspace Local belongs to an Enterprise Grid organization, which is not supported\. .* in a workspace outside Enterprise Grid\./,
  ],
  [
    'whole',
    /✗ bot token: failed\n +The app is installed for the whole organization Local Org .* which is not supported\. .* in a workspace outside Enterprise Grid\./,
  ],
] as const)('setup refuses an app of an organization and keeps no token: %s', async (part, said) => {
  await desk.run('setup', flags);
  const before = desk.env();
  workspace.slack.joinOrganization(part);
  const { code, out } = await desk.run('setup', [...flags.slice(0, -1), 'U0BEN,U0DANA']);
  workspace.slack.joinOrganization(undefined);
  expect(out).toMatch(said);
  expect(out).not.toContain('channel C0TRADING:');
  expect(code).toBe(1);
  expect(desk.env()).toBe(before);
});

it('setup says that a workspace has no charts, and that a block is refused that each message needs', async () => {
  workspace.slack.refuseBlocks(['data_visualization']);
  const noCharts = await desk.run('setup', flags);
  workspace.slack.refuseBlocks(['data_visualization', 'header']);
  const noHeaders = await desk.run('setup', flags);
  workspace.slack.refuseBlocks([]);
  expect(noCharts.out).toContain(
    '! blocks of messages: accepted, except charts\n     This workspace does not have charts yet.',
  );
  expect(noCharts.code).toBe(0);
  expect(noHeaders.out).toContain(
    '✗ blocks of messages: refused at /0/type, /4/type\n     Report this as a bug of Countersign',
  );
  expect(noHeaders.code).toBe(1);
});

it('setup lists the scopes that the app lacks and explains how to grant them', async () => {
  desk.withheld.add('files:write').add('users:read.email');
  const { code, out } = await desk.run('setup', flags);
  expect(out).toMatch(
    /✗ scopes: missing users:read\.email, files:write\n +Add each missing scope under OAuth & Permissions → Bot Token Scopes .* and reinstall the app\./,
  );
  expect(code).toBe(1);
});

it('setup asks again after an impossible answer and keeps the other answers', async () => {
  const answers = [APP_TOKEN, app.botToken, app.botToken, APP_TOKEN, '#trading', CHANNEL, 'U0BEN', PEOPLE];
  const { code, err } = await desk.run('setup', [], `${answers.join('\n')}\n`);
  expect(code).toBe(0);
  expect(err).toContain('That is not a bot token: it begins with xoxb-');
  expect(err).toContain('That is not an app-level token: it begins with xapp-');
  expect(err).toContain('"#trading" is not a channel id');
  expect(err).toContain('"U0BEN" is not a list of approvers: it needs at least two user ids');
  expect(err).not.toContain(APP_TOKEN);
});

it('setup changes nothing if the input ends before the last question', async () => {
  await desk.run('setup', flags);
  const before = desk.env();
  const { code, err } = await desk.run('setup', [], '\n');
  expect({ code, env: desk.env() }).toEqual({ code: 1, env: before });
  expect(err).toContain('No answer to "App-level token');
});

it('setup keeps a valid bot token if the new one is invalid', async () => {
  await desk.run('setup', flags);
  const before = desk.env();
  const { out } = await desk.run('setup', ['--bot-token', 'xoxb-other', ...flags.slice(2)]);
  expect(out).toContain('.env was not changed.');
  expect(desk.env()).toBe(before);
});

it('setup counts two approvers as two, whatever characters their ids contain', async () => {
  const people = ['--approvers', 'U0SAM,U0BEN'];
  const { out } = await desk.run('setup', [...flags.slice(0, 6), ...people]);
  expect(out).toContain('✓ approver U0BEN: Ben');
  expect(desk.env()).toContain('"tiers":[{"upToUsd":10000,"approvals":1}]');
});

it('setup replaces every earlier value of a setting, including values over several lines', async () => {
  desk.writeEnv(
    `SETTINGS='{\n "escalateTo": "U0DANA"\n}'\nA=1\nSLACK_BOT_TOKEN=xoxb-a\nSLACK_BOT_TOKEN=xoxb-b\n`,
  );
  expect((await desk.run('setup', flags)).code).toBe(0);
  expect(desk.env()).toMatch(
    /^A=1\nSLACK_BOT_TOKEN='xoxb-test'\nSLACK_APP_TOKEN='[^']+'\nSETTINGS='[^\n]+'\n$/,
  );
  expect(desk.env()).toContain('"escalateTo":"U0DANA"');
});

it('setup reads tokens from the environment, so that they need not appear on a command line', async () => {
  const env = { SLACK_BOT_TOKEN: app.botToken, SLACK_APP_TOKEN: APP_TOKEN };
  expect((await desk.run('setup', flags.slice(4), '', env)).code).toBe(0);
});

it('setup names the missing flag if there is nobody to answer', async () => {
  const { code, err } = await desk.run('setup', ['--bot-token', app.botToken]);
  expect(code).toBe(1);
  expect(err).toContain('. Pass it as --app-token xapp-…');
});

it('setup reports invalid SETTINGS in the file and keeps them', async () => {
  desk.writeEnv("SETTINGS='{channel}'\n");
  const { code, err } = await desk.run('setup', flags);
  expect(code).toBe(1);
  expect(err).toContain('SETTINGS in .env must be a JSON object in single quotes');
  expect(desk.env()).toContain("SETTINGS='{channel}'");
});
