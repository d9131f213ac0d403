// `npm run cost`: what 1,000 approvals cost on AWS, from what one makes on the local world, asked, approved and filled: its
// calls, state transitions and log lines as recorded, its time in Lambda from the bench's CPU and the latency of life. Every
// function starts cold for it, as on a quiet day.
import { GetExecutionHistoryCommand, ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import { latencyInLife } from './latency.ts';
import { asOf, prices } from './prices.ts';
import { type RecordedCall, type RecordedWorld, startRecordedWorld } from './recorded-world.ts';
import { openBench } from './run.ts';
import { deployedFunctions } from './variants.ts';

/** MB with which a function has one processor: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
const ONE_PROCESSOR = 1_769;
const APPROVALS = 1_000;

const world = await startRecordedWorld();
const used = await oneApproval(world);
await world.stop();
const gigabyteSeconds = await timeInLambda(used);

const lines: readonly (readonly [what: string, amount: number, price: number])[] = [
  ['state transitions', used.transitions, prices.stateTransition],
  ['DynamoDB, write units', unitsOf(used.calls.filter(isWrite)), prices.writeUnit],
  ['DynamoDB, read units', unitsOf(used.calls.filter((call) => !isWrite(call))), prices.readUnit],
  ['Lambda, GB-seconds', gigabyteSeconds, prices.lambdaGigabyteSecond],
  ['Lambda, requests', used.invoked.length, prices.lambdaRequest],
  // Sent, received, deleted.
  ['SQS, requests', used.messages * 3, prices.queueRequest],
  ['SNS, messages', used.published, prices.publish],
  [
    'Secrets Manager, calls',
    used.calls.filter(({ operation }) => operation === 'GetSecretValue').length,
    prices.secretCall,
  ],
  ['CloudWatch Logs, GB', used.logged / 1e9, prices.logGigabyte],
];
const total = lines.reduce((all, [, amount, price]) => all + amount * price, 0);
const table = lines.map(([what, amount, price]) => {
  const share = ((amount * price) / total) * 100;
  return `| ${what} | ${Number((amount * APPROVALS).toPrecision(3))} | ${(amount * price * APPROVALS).toFixed(4)} | ${share.toFixed(0)} % |`;
});
process.stdout.write(
  `| per ${APPROVALS.toLocaleString('en-US')} approvals | amount | USD | |\n|---|--:|--:|--:|\n${table.join('\n')}\n`,
);
process.stdout.write(`| **in all** | | **${(total * APPROVALS).toFixed(2)}** | |\n\n`);
process.stdout.write(`Prices of us-east-1, ${asOf}, without free tiers. Node ${process.version}.\n`);

interface Used {
  readonly calls: readonly RecordedCall[];
  /** Names of functions, one an invocation. */
  readonly invoked: readonly string[];
  readonly transitions: number;
  readonly messages: number;
  readonly published: number;
  /** Bytes of log. */
  readonly logged: number;
  readonly slackCalls: number;
}

async function oneApproval({ slack, cloud, takeCalls, takeEvents }: RecordedWorld): Promise<Used> {
  await cloud.settled();
  takeCalls();
  takeEvents();
  await slack.say('U0ANA', '/trade AMZN 10');
  await cloud.settled();
  await slack.press(
    'U0BEN',
    slack.messages().find(({ text }) => text.includes('10 AMZN'))?.ts ?? '',
    'approve',
  );
  await cloud.settled();
  const calls = takeCalls();
  const events = takeEvents();
  const named = (name: string) => events.filter(({ event }) => event === name);
  // Lambda adds three lines of its own to each invocation.
  const logged = named('function_logged').map(({ line }) => String(line).length + 26);
  return {
    calls,
    invoked: named('function_invoked').map((each) => String(each['function'])),
    transitions: await transitionsOf(cloud),
    messages: named('message_sent').length,
    published: named('message_published').length,
    logged: logged.reduce((all, each) => all + each, 0) + named('function_invoked').length * 400,
    slackCalls: events.filter(({ source, event }) => source === 'slack' && event === 'method_called').length,
  };
}

async function transitionsOf({ url: endpoint, outputs }: RecordedWorld['cloud']): Promise<number> {
  const credentials = { accessKeyId: 'operator', secretAccessKey: 'any' };
  const client = new SFNClient({ endpoint, region: 'us-east-1', credentials });
  const stateMachineArn = outputs['StateMachineArn'] ?? '';
  const { executions = [] } = await client.send(new ListExecutionsCommand({ stateMachineArn }));
  const executionArn = executions[0]?.executionArn ?? '';
  const { events = [] } = await client.send(new GetExecutionHistoryCommand({ executionArn }));
  client.destroy();
  return events.filter(({ type }) => type?.endsWith('StateEntered')).length;
}

/** Each starts cold at full speed; what it does then has its share of a processor; what it calls, it waits for. */
async function timeInLambda({ invoked, calls, slackCalls }: Used): Promise<number> {
  const functions = await deployedFunctions();
  const bench = await openBench();
  const bot = functions.find(({ name }) => name.startsWith('SlackApprovalsBot')) ?? fail('bot');
  // What the bot takes for a press, each function is taken to take for an event.
  const handling = (await bench.run(bot)).cpu - (await bench.evaluate(bot)).cpu;
  let milliseconds = 0;
  for (const name of invoked) {
    const found = functions.find((each) => name.endsWith(each.name)) ?? fail(name);
    const { cpu } = await bench.evaluate(found);
    const gigabytes = found.memory / 1024;
    milliseconds += gigabytes * (cpu + handling / (found.memory / ONE_PROCESSOR));
  }
  bench.close();
  const { states, slack } = latencyInLife;
  const aws = (states?.roundTrip ?? 0) + (states?.service ?? 0);
  const far = (slack?.roundTrip ?? 0) + (slack?.service ?? 0);
  return (milliseconds + 0.5 * (calls.length * aws + slackCalls * far)) / 1_000;
}

function isWrite({ operation }: RecordedCall): boolean {
  return ['UpdateItem', 'PutItem', 'DeleteItem'].includes(operation);
}

function unitsOf(calls: readonly RecordedCall[]): number {
  return calls.reduce((all, { units }) => all + units, 0);
}

function fail(name: string): never {
  throw new Error(`The stack has no function ${name}.`);
}
