// Runs one variant in a fresh process with a cold and a warm press, and sorts its calls into before and after each
// answer. All benchmarks call it.
import { spawn } from 'node:child_process';
import { createCertificate } from './certificate.ts';
import type { Measured, Task } from './measured.ts';
import { pressEvent, secret, taskToken } from './press.ts';
import { credentials } from './signature.ts';
import { type Call, type Latency, startStub, type Stub } from './stub.ts';
import { buildProcess, type Variant, writeBuilt } from './variants.ts';

export interface Run extends Measured {
  /** Calls such as `UpdateItem` or `chat.update` before the answer to each press. */
  readonly before: readonly [cold: readonly string[], warm: readonly string[]];
  /** Calls after the answer to each press. */
  readonly after: readonly [cold: readonly string[], warm: readonly string[]];
}

export interface Bench {
  /** Sends two presses. The first is a cold start. */
  run(variant: Variant, inspect?: boolean): Promise<Run>;
  /** Imports the bundle without sending a press. */
  evaluate(variant: Variant): Promise<Measured>;
  close(): void;
}

export async function openBench(latency: Latency = {}): Promise<Bench> {
  const certificate = createCertificate();
  const trusted = writeBuilt('certificate.pem', certificate.cert);
  const program = await buildProcess();
  const stub = await startStub(certificate, latency);
  const measureTask = (task: Task, environment: Variant['environment']) => {
    const env = { ...environment, ...environmentOf(stub), NODE_EXTRA_CA_CERTS: trusted };
    return measure(program, writeBuilt('task.json', JSON.stringify(task)), env);
  };
  return {
    async run({ bundle, environment }, inspect = false) {
      const events = [pressEvent(), pressEvent()];
      const measured = await measureTask({ bundle, inspect, events }, environment);
      return { ...measured, ...sortCalls(stub.takeCalls(), measured) };
    },
    evaluate: ({ bundle, environment }) => measureTask({ bundle, inspect: false, events: [] }, environment),
    close: () => stub.close(),
  };
}

function environmentOf({ ports }: Stub): Readonly<Record<string, string>> {
  const at = (port: number) => `https://127.0.0.1:${port}`;
  return {
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_REGION: credentials.region,
    AWS_LAMBDA_FUNCTION_NAME: 'bench',
    AWS_ENDPOINT_URL_DYNAMODB: at(ports.dynamodb),
    AWS_ENDPOINT_URL_SECRETS_MANAGER: at(ports.secretsmanager),
    AWS_ENDPOINT_URL_SFN: at(ports.states),
    SLACK_API_URL: `${at(ports.slack)}/api/`,
    APPROVALS_TABLE: 'bench',
    SLACK_SECRET_ARN: 'bench',
    // For the official example, which reads no secret and no table.
    SLACK_BOT_TOKEN: secret.botToken,
    SLACK_SIGNING_SECRET: secret.signingSecret,
    TASK_TOKEN: taskToken,
  };
}

async function measure(program: string, task: string, env: NodeJS.ProcessEnv): Promise<Measured> {
  const child = spawn(process.execPath, [program, task], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (text) => (stdout += text));
  child.stderr.on('data', (text) => (stderr += text));
  await new Promise((resolve) => child.on('close', resolve));
  const last = stdout.trim().split('\n').at(-1) ?? '';
  if (!last.startsWith('{"init"')) throw new Error(`The process printed no measurement: ${stdout}${stderr}`);
  const measured: Measured = JSON.parse(last);
  if (measured.statuses.some((status) => status !== 200))
    throw new Error(`The handler answered with status ${measured.statuses.join(', ')}: ${stdout}${stderr}`);
  return measured;
}

function sortCalls(calls: readonly Call[], { asked, answered }: Measured): Pick<Run, 'before' | 'after'> {
  const invalid = calls.find((call) => call.problem);
  if (invalid) throw new Error(`The call ${invalid.service} ${invalid.method} is ${invalid.problem}.`);
  const between = (from = 0, to = Infinity) =>
    calls.filter(({ at }) => at > from && at <= to).map(({ method }) => method);
  return {
    before: [between(0, answered[0]), between(asked[1], answered[1])],
    after: [between(answered[0], asked[1]), between(answered[1])],
  };
}
