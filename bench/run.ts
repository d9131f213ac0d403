// One fresh process of one variant, a cold press and a warm one in it, and the calls that it made before and after each
// answer. The rounds and the check call it.
import { spawn } from 'node:child_process';
import { createCertificate } from './certificate.ts';
import type { Measured, Task } from './measured.ts';
import { pressEvent, secret, taskToken } from './press.ts';
import { credentials } from './signature.ts';
import { type Call, type Latency, startStub, type Stub } from './stub.ts';
import { buildProcess, type Variant, writeBuilt } from './variants.ts';

export interface Run extends Measured {
  /** `UpdateItem`, `chat.update` …, by whether they came before the answer to the first press, the second, or after. */
  readonly before: readonly [cold: readonly string[], warm: readonly string[]];
  readonly after: readonly [cold: readonly string[], warm: readonly string[]];
}

export interface Bench {
  /** Two presses, the first of them cold. */
  run(variant: Variant, inspect?: boolean): Promise<Run>;
  /** No press: its evaluation alone. */
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
      return { ...measured, ...sorted(stub.takeCalls(), measured) };
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
    // Those that read no secret and no table.
    SLACK_BOT_TOKEN: secret.botToken,
    SLACK_SIGNING_SECRET: secret.signingSecret,
    TASK_TOKEN: taskToken,
  };
}

async function measure(program: string, task: string, env: NodeJS.ProcessEnv): Promise<Measured> {
  const child = spawn(process.execPath, [program, task], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  let complained = '';
  child.stdout.on('data', (text) => (said += text));
  child.stderr.on('data', (text) => (complained += text));
  await new Promise((resolve) => child.on('close', resolve));
  const last = said.trim().split('\n').at(-1) ?? '';
  if (!last.startsWith('{"init"')) throw new Error(`Nothing was measured: ${said}${complained}`);
  const measured: Measured = JSON.parse(last);
  if (measured.statuses.some((status) => status !== 200))
    throw new Error(`Answered ${measured.statuses.join(', ')}: ${said}${complained}`);
  return measured;
}

function sorted(calls: readonly Call[], { asked, answered }: Measured): Pick<Run, 'before' | 'after'> {
  const wrong = calls.find((call) => call.wrong);
  if (wrong) throw new Error(`${wrong.service} ${wrong.method} came ${wrong.wrong}.`);
  const between = (from = 0, to = Infinity) =>
    calls.filter(({ at }) => at > from && at <= to).map(({ method }) => method);
  return {
    before: [between(0, answered[0]), between(asked[1], answered[1])],
    after: [between(answered[0], asked[1]), between(answered[1])],
  };
}
