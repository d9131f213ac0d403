// Tests the command `countersign` as a process against the local cloud: its help, and what it says about a wrong command
// line, stack, region or secret. `package.slow.test.ts` runs it from the package with a whole stack.
import { execFile } from 'node:child_process';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it, onTestFinished } from 'vitest';
import { app, CHANNEL, openSlackWorkspace } from '../support/slack-workspace.ts';
import { startWorld } from '../support/small-stack.ts';

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function countersign(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ran> {
  const { AWS_REGION: _region, AWS_DEFAULT_REGION: _default, AWS_PROFILE: _profile, ...others } = process.env;
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['cli/countersign.ts', ...args],
      { env: { ...others, AWS_CONFIG_FILE: '/dev/null', AWS_EC2_METADATA_DISABLED: 'true', ...env } },
      (_error, out, err) => resolve({ code: child.exitCode, out, err }),
    );
    child.stdin?.end();
  });
}

const at = ({ cloud }: Awaited<ReturnType<typeof startWorld>>): NodeJS.ProcessEnv => ({
  AWS_ENDPOINT_URL: cloud.url,
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'any',
  AWS_SECRET_ACCESS_KEY: 'any',
});

const whole = {
  BotUrl: { Value: 'http://127.0.0.1:1/' },
  Channels: { Value: 'C0ONE,C0TWO' },
  SecretName: { Value: 'app/slack' },
  ApprovalsTable: { Value: 'no-approvals' },
  AuditTable: { Value: 'no-audit' },
  AuditBucket: { Value: 'no-bucket' },
};

describe('countersign', () => {
  it('lists its commands without an argument and with --help, and the usage of one', async () => {
    for (const args of [[], ['--help'], ['help']]) {
      const { code, out } = await countersign(args);
      expect(code).toBe(0);
      for (const name of ['setup', 'check', 'audit:export', 'audit:verify', 'local'])
        expect(out).toContain(`npx countersign ${name} `);
    }
    const { out } = await countersign(['check', '--help']);
    expect(out).toMatch(/^npx countersign check --stack MyStack\n\nchecks a deployed stack/);
  });

  it.each([
    [['cheque'], 'There is no command "cheque". Commands: setup, check, audit:export, audit:verify, local.'],
    [['check', '--stak', 'A'], "Unknown option '--stak'"],
    [
      ['check', '--stack', 'A'],
      'Region is missing\nSet a region, for example: export AWS_REGION=eu-central-1',
    ],
    [
      ['audit:export', '--from', '2026-11-01', '--to', '2026-11-02'],
      'Reading the audit from 2026-11-01 to 2026-11-02 (UTC) …\nRegion is missing\nSet a region, for example: export AWS_REGION=eu-central-1',
    ],
    [
      ['local'],
      'needs the package countersign-local. Install it in your app: npm install --save-dev countersign-local',
    ],
  ])('%s: %s', async (args, said) => {
    const { code, err } = await countersign(args);
    expect(err).toContain(said);
    expect(code).toBe(1);
  });

  it('names the stacks that the operator may mean', async () => {
    const world = await startWorld({ outputs: whole });
    for (const command of ['setup', 'check'])
      expect((await countersign([command], at(world))).err).toContain(
        '--stack is missing. Stacks with a SlackApprovals in us-east-1: Small.',
      );
    const wrong = await countersign(['check', '--stack', 'Smal'], at(world));
    expect(wrong.err).toContain(
      'There is no stack Smal in us-east-1. Stacks with a SlackApprovals in us-east-1: Small. If the stack is in another region, export AWS_REGION=…',
    );
    expect(wrong.err).toContain('For example: npx countersign check --stack MyStack');
  });

  it('names no stack if none has a SlackApprovals, and says how to look elsewhere', async () => {
    const world = await startWorld({});
    expect((await countersign(['check'], at(world))).err).toContain(
      '--stack is missing. No stack in us-east-1 has a SlackApprovals. If the stack is in another region, export AWS_REGION=…',
    );
  });

  it('says that AWS does not answer', async () => {
    const { err } = await countersign(['check', '--stack', 'Small'], {
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'any',
      AWS_SECRET_ACCESS_KEY: 'any',
      AWS_MAX_ATTEMPTS: '1',
    });
    expect(err).toContain('The stack Small could not be read: connect ECONNREFUSED');
    expect(err).toContain('AWS does not answer. Check the network, and AWS_ENDPOINT_URL if it is set.');
  });

  it('says which outputs a stack without a SlackApprovals lacks', async () => {
    const { AuditBucket: _bucket, ...older } = whole;
    const world = await startWorld({ outputs: older });
    expect((await countersign(['check', '--stack', 'Small'], at(world))).err).toContain(
      'The stack Small in us-east-1 has no output AuditBucket, so it has no SlackApprovals of this version. No stack in us-east-1 has a SlackApprovals. If the stack is in another region, export AWS_REGION=… Otherwise deploy it with this version.',
    );
  });

  it('reports every check that fails, with a remedy, and leaves out what needs the secret', async () => {
    const world = await startWorld({
      outputs: whole,
      resources: {
        Slack: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'app/slack', SecretString: '{}' } },
      },
    });
    const { code, out, err } = await countersign(['check', '--stack', 'Small'], at(world));
    expect(out).toMatch(
      /✗ table no-approvals: .*not found.*\n +It was deleted after the deployment\. Restore it/i,
    );
    expect(out).toMatch(/✗ bucket no-bucket: .*\n +It was deleted/);
    expect(out).toContain('✗ secret app/slack: empty\n     Fill it: npx countersign setup --stack Small');
    expect(out).not.toContain('bot token');
    expect({ code, err: err.trim() }).toEqual({
      code: 1,
      err: 'Reading the outputs of the stack Small in us-east-1 …\n\nSome checks failed (✗). Nothing was changed. Fix them and run this command again.',
    });
  });
});

describe('countersign with Slack', () => {
  const openStack = async () => {
    const { slack } = await openSlackWorkspace();
    onTestFinished(() => slack.close());
    const world = await startWorld({
      outputs: {
        ...whole,
        Channels: { Value: `${CHANNEL}, C0OTHERS` },
        // Something that answers, but is no bot.
        BotUrl: { Value: `${slack.url}/` },
      },
      resources: {
        Slack: {
          Type: 'AWS::SecretsManager::Secret',
          Properties: { Name: 'app/slack', SecretString: JSON.stringify(app) },
        },
      },
    });
    return { world, env: { ...at(world), SLACK_API_URL: slack.apiUrl } };
  };

  it('checks every channel of the list, and the answers of the bot', async () => {
    const { env } = await openStack();
    const { code, out } = await countersign(['check', '--stack', 'Small'], env);
    expect(out).toContain('✓ secret app/slack: filled');
    expect(out).toContain(`✓ channel ${CHANNEL}: the app is a member`);
    expect(out).toContain('✗ channel C0OTHERS: failed\n     Slack has no channel C0OTHERS');
    expect(out).toContain('✗ an unsigned request: answered 404\n     Expected 401.');
    expect(code).toBe(1);
  });

  it('setup asks before it replaces the values of a running bot, and shows none of them', async () => {
    const { world, env } = await openStack();
    const given = { SLACK_BOT_TOKEN: app.botToken, SLACK_SIGNING_SECRET: 'fedcba9876543210fedcba9876543210' };
    const stored = async () =>
      (await world.secrets.send(new GetSecretValueCommand({ SecretId: 'app/slack' }))).SecretString;
    const before = await stored();
    const asked = await countersign(['setup', '--stack', 'Small'], { ...env, ...given });
    expect(asked.err).toContain(
      'The secret app/slack in us-east-1 has other values, which a running bot uses. Replace them? (y/N)',
    );
    expect(await stored()).toBe(before);
    const { code, out, err } = await countersign(['setup', '--stack', 'Small', '--yes'], {
      ...env,
      ...given,
    });
    expect(out).toContain('Saved to the secret app/slack in us-east-1.');
    expect(JSON.parse((await stored()) ?? '')).toEqual({
      botToken: given.SLACK_BOT_TOKEN,
      signingSecret: given.SLACK_SIGNING_SECRET,
    });
    // One channel is wrong, which does not keep the bot from answering.
    expect({ code, err }).toEqual({
      code: 1,
      err: [
        'Reading the outputs of the stack Small in us-east-1 …',
        'Some checks failed (✗). Fix them, then run: npx countersign check --stack Small\n',
      ].join('\n'),
    });
    for (const hidden of Object.values(given))
      expect(out + err + asked.out + asked.err).not.toContain(hidden);
  });

  it('setup changes no secret if Slack rejects the token', async () => {
    const { world, env } = await openStack();
    const before = await world.secrets.send(new GetSecretValueCommand({ SecretId: 'app/slack' }));
    const given = { SLACK_BOT_TOKEN: 'xoxb-other', SLACK_SIGNING_SECRET: 'fedcba9876543210fedcba9876543210' };
    const { err } = await countersign(['setup', '--stack', 'Small', '--yes'], { ...env, ...given });
    expect(err).toContain(
      'The secret app/slack was not changed. Correct the token and run this command again.',
    );
    const after = await world.secrets.send(new GetSecretValueCommand({ SecretId: 'app/slack' }));
    expect(after.SecretString).toBe(before.SecretString);
  });
});

describe('DescribeStacks of the local cloud', () => {
  it('answers with the outputs, and refuses an unknown stack as AWS does', async () => {
    const { cloud } = await startWorld({ outputs: whole });
    const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
    const client = new CloudFormationClient({ endpoint: cloud.url, region: 'us-east-1', credentials });
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: 'Small' }));
    expect(Stacks).toMatchObject([{ StackName: 'Small', StackStatus: 'CREATE_COMPLETE' }]);
    expect(Stacks?.[0]?.Outputs).toContainEqual({ OutputKey: 'Channels', OutputValue: 'C0ONE,C0TWO' });
    await expect(client.send(new DescribeStacksCommand({ StackName: 'Other' }))).rejects.toMatchObject({
      name: 'ValidationError',
      message: 'Stack with id Other does not exist',
    });
  });
});
