// Tests docs/guides/extend-the-bot.md as its reader: an app outside the repository with the built package and the code of the
// page, whose bot is bundled as the page says, on the local cloud and the local Slack.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ANA, BEN, hasButtons, openDesk } from '../support/trading-desk.ts';

const SAM = 'U0SAM';
const page = readFileSync('docs/guides/extend-the-bot.md', 'utf8');
const [bot = '', stack = '', bundling = '', listener = ''] = [...page.matchAll(/```ts\n(.*?)```/gs)].map(
  ([, code]) => code,
);
const app = mkdtempSync(join(tmpdir(), 'countersign-own-bot-'));
const installed = join(app, 'node_modules/countersign');
const assembly = join(app, 'cdk.out');

const run = (script: string, args: readonly string[], env: object = {}) =>
  execFileSync(process.execPath, [script, ...args], {
    cwd: app,
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });

/** The parts of the page in an app whose execution shows progress for a minute, and then says that it deployed. */
const appFile = `
import { App, Duration, Stack } from 'aws-cdk-lib';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { SnsPublish } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { PublishResult, RequestApproval, SlackApprovals } from 'countersign';
${bundling}
const app = new App();
const stack = new Stack(app, 'Deployments');
const policies = { default: { channel: 'C0DEPLOYS', approvers: ['${BEN}'] } };
${stack.replace(
  'approvals.addStateMachine',
  `const ask = new RequestApproval(stack, 'Ask', { approvals });
const publish = new PublishResult(stack, 'Publish', { approvals });
const progress = { text: 'Deploying.', button: { label: 'Stop', action: 'deploy-stop' } };
const show = new SnsPublish(stack, 'Show', {
  topic: approvals.results,
  message: sfn.TaskInput.fromObject({ Input: { progress }, ExecutionId: sfn.JsonPath.stringAt('$$$$.Execution.Id') }),
  resultPath: sfn.JsonPath.DISCARD,
});
const wait = new sfn.Wait(stack, 'Deploy', { time: sfn.WaitTime.duration(Duration.minutes(1)) });
const result = sfn.Result.fromObject({ outcome: 'done', label: 'Deployed', text: 'It runs.' });
const deployed = new sfn.Pass(stack, 'Deployed', { result, resultPath: '$.result' });
const deploy = show.next(wait).next(deployed).next(publish);
const decided = new sfn.Choice(stack, 'Approved?').when(ask.approved, deploy).otherwise(publish);
const definitionBody = sfn.DefinitionBody.fromChainable(ask.next(decided));
const stateMachine = new sfn.StateMachine(stack, 'StateMachine', { definitionBody });
$&`,
)}
app.synth();
`;

beforeAll(() => {
  mkdirSync(join(app, 'node_modules/.bin'), { recursive: true });
  execFileSync(process.execPath, [resolve('package/build.ts'), installed]);
  for (const each of ['aws-cdk-lib', 'constructs', '@slack', '@types', 'esbuild'])
    symlinkSync(resolve('node_modules', each), join(app, 'node_modules', each));
  symlinkSync(resolve('node_modules/esbuild/bin/esbuild'), join(app, 'node_modules/.bin/esbuild'));
  writeFileSync(join(app, 'package.json'), '{"private":true}');
  writeFileSync(join(app, 'bot.mts'), `${bot}${listener}`);
  writeFileSync(join(app, 'app.mts'), appFile);
  const manifest = readFileSync(join(installed, 'manifest.yml'), 'utf8');
  writeFileSync(join(app, 'manifest.yml'), manifest.replaceAll('/approvals', '/deploy'));
});

afterAll(() => rmSync(app, { recursive: true }));

describe('a bot of an app', () => {
  it('has at most 60 lines, and the types of the package', () => {
    expect(`${bot}${stack}`.trim().split('\n').length).toBeLessThanOrEqual(60);
    const options = ['--strict', '--noUncheckedIndexedAccess', '--exactOptionalPropertyTypes', '--noEmit'];
    const args = ['--module', 'nodenext', '--skipLibCheck', '--types', 'node', ...options];
    const tsc = resolve('node_modules/typescript/bin/tsc');
    const { stdout } = spawnSync(process.execPath, [tsc, ...args, 'bot.mts', 'app.mts'], {
      cwd: app,
      encoding: 'utf8',
    });
    expect(stdout).toBe('');
  });

  it('has the API of the report; if you changed it on purpose, run this test with -u', async () => {
    const report = readFileSync(join(installed, 'countersign-bot.api.md'), 'utf8');
    await expect(report).toMatchFileSnapshot('../../package/countersign-bot.api.md');
  });

  it('is bundled once, with Bolt and the SDK, into 130 KB', () => {
    run('app.mts', [], { CDK_OUTDIR: assembly });
    const folder = join(app, 'build/bot');
    expect(readdirSync(folder)).toEqual(['index.mjs']);
    expect(gzipSync(readFileSync(join(folder, 'index.mjs'))).length).toBeLessThanOrEqual(130 * 1_024);
  });

  it('starts an execution by its command and by its form, and approvals work', async () => {
    const desk = await openDesk({ assembly, manifest: join(app, 'manifest.yml'), channelName: 'deploys' });
    const { slack, cloud } = desk;
    const posted = async (title: string) => {
      await cloud.settled();
      await cloud.advance(2_000);
      return desk.posts().filter(({ text }) => text.startsWith(`Pending: ${title}`));
    };
    try {
      await slack.say(ANA, '/deploy checkout 2.14.0');
      expect(desk.privately(ANA)).toContain('A request to deploy checkout 2.14.0 follows.');
      const [asked, ...more] = await posted('Deploy checkout 2.14.0');
      expect(more).toEqual([]);
      if (!asked) throw new Error('Nothing was posted.');
      expect(asked.text).toContain(`<@${ANA}>`);
      expect(asked.text).not.toContain('not verified');
      await desk.press(BEN, asked, 'approve');
      const [reply] = desk.replies(asked);
      if (!reply) throw new Error('No progress was shown.');
      expect(reply.text).toContain('Deploying.');
      const stop = async (person: string) => {
        await slack.press(person, reply.ts, 'deploy-stop');
        await cloud.settled();
        return desk.privately(person).at(-1);
      };
      expect(await stop(SAM)).toBe('Only the requester and the approvers may stop this.');
      expect(await stop(ANA)).toMatch(/^Stopping deploy-/);
      await cloud.advance(60_000);
      expect(hasButtons(desk.now(reply))).toBe(false);
      expect(desk.now(asked).text).toMatch(/^Deployed: Deploy checkout 2\.14\.0\n/);

      await slack.say(ANA, '/deploy');
      await slack.submit(ANA, { build: 'search 3.1.0' });
      expect(await posted('Deploy search 3.1.0')).toHaveLength(1);
      expect(desk.privately(ANA)).toContain('A request to deploy search 3.1.0 follows.');

      await slack.say(ANA, '/deploy pending');
      await cloud.settled();
      expect(desk.privately(ANA).at(-1)).toContain('Deploy search 3.1.0');
      await slack.say(ANA, '/deploy help');
      expect(desk.privately(ANA).at(-1)).toContain('`/deploy checkout 2.14.0` asks for approval.');
    } finally {
      await desk.stop();
    }
  });
});
