// `npm run cost`: estimates the AWS cost of 1,000 approvals from one recorded approval on the local cloud, of an idle
// month from some recorded minutes, and of requests that Slack did not sign. A developer runs it. The Lambda time comes
// from the measured CPU time and realistic latencies, and assumes that every function starts cold.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetExecutionHistoryCommand, ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import { tellMarket } from '../fault-injection/tell-market.ts';
import { progress } from '../local/progress.ts';
import { floodText, refusalMs } from './flood.ts';
import { realisticLatency } from './latency.ts';
import { pricesFrom, prices } from './prices.ts';
import { OPERATOR, type RecordedCall, type RecordedWorld, startRecordedWorld } from './recorded-world.ts';
import { openBench } from './run.ts';
import { deployedFunctions, deployedResources } from './variants.ts';

/**
 * Memory in MB at which a function has one full vCPU:
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
 */
const ONE_VCPU_MB = 1_769;
const APPROVALS = 1_000;

/** The bot, RequestApproval and RelayResult call Slack about equally often: 1,024, 256 and 256 MB. */
const SLACK_CALLERS_GB = 0.5;

type Line = readonly [item: string, amount: number, price: number];

/** The first four looks at an order come 5, 10, 20 and 40 seconds after the one before. */
const LOOKS = 4;
const LOOKS_TAKE_MS = 78_000;

/** Any credentials act as an operator of the local cloud. */
const credentials = { accessKeyId: 'operator', secretAccessKey: 'any' };

const IDLE_MINUTES = 10;
const MINUTES_A_MONTH = 30 * 24 * 60;
/**
 * Number of receives of one idle queue in a month: Lambda has five connections, each with long polling of 20 seconds,
 * which is the maximum. A maximum concurrency does not reduce the polling of an idle queue.
 * https://aws.amazon.com/blogs/aws/aws-lambda-adds-amazon-simple-queue-service-to-supported-event-sources/
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
 */
const POLLS_A_MONTH = 5 * (60 / 20) * MINUTES_A_MONTH;

const world = await startRecordedWorld();
progress('Recording an idle time, an approval, and looks at an order …');
const idle = await recordIdle(world);
const used = await recordApproval(world);
const looks = await recordLooks(world);
progress('Measuring requests that Slack did not sign …');
const refusal = await refusalMs(world.cloud.outputs['BotUrl'] ?? '');
await world.stop();

const lines: readonly Line[] = [
  ['state transitions', used.transitions, prices.stateTransition],
  ...(await requestLines(used)),
  // Each message is sent, received and deleted.
  ['SQS, requests', used.messages * 3, prices.queueRequest],
  // Plus one: the reconciler puts a copy of the decision, and relay-result tries to put it again with the others.
  ['S3, puts', used.calls.filter(({ operation }) => operation === 'PutObject').length + 1, prices.put],
  ['SNS, messages', used.published, prices.publish],
  [
    'Secrets Manager, calls',
    used.calls.filter(({ operation }) => operation === 'GetSecretValue').length,
    prices.secretCall,
  ],
  ['CloudWatch Logs, GB', used.logged / 1e9, prices.logGigabyte],
];
writeTable(`per ${APPROVALS.toLocaleString('en-US')} approvals`, lines, APPROVALS);
const warm = await lambdaGigabyteSeconds(used, true);
const withWarm = lines.map(([item, amount, price]): Line => [item, warmAmount(item, amount, warm), price]);
process.stdout.write(
  `If every function is warm: ${(warm * APPROVALS).toFixed(0)} GB-seconds, no reads of the secret, **${(totalOf(withWarm) * APPROVALS).toFixed(2)}** in total.\n\n`,
);
const lookLines: readonly Line[] = [
  ['state transitions', looks.transitions, prices.stateTransition],
  ...(await requestLines(looks)),
  ['CloudWatch Logs, GB', looks.logged / 1e9, prices.logGigabyte],
];
const perLook = lookLines.map(([item, amount, price]) => [item, amount / LOOKS, price] as const);
writeTable(`per ${APPROVALS.toLocaleString('en-US')} further looks at an order`, perLook, APPROVALS);

const resources = await deployedResources();
const count = (type: string) => resources.filter(({ Type }) => Type === type).length;
const idleLines: readonly Line[] = [
  ['alarms', count('AWS::CloudWatch::Alarm'), prices.alarmMonth],
  [
    'SQS, receives of idle queues',
    count('AWS::Lambda::EventSourceMapping') * POLLS_A_MONTH,
    prices.queueRequest,
  ],
  ['secret', count('AWS::SecretsManager::Secret'), prices.secretMonth],
  ...timesMinutes(await requestLines(idle)),
  ...timesMinutes([
    // Each message is sent and deleted; its receive is one of those above.
    ['SQS, requests', idle.messages * 2, prices.queueRequest],
    ['CloudWatch Logs, GB', idle.logged / 1e9, prices.logGigabyte],
  ]),
];
process.stdout.write('\n');
writeTable('an idle month', idleLines, 1);
process.stdout.write(
  `A custom metric of a log event costs USD ${prices.metricMonth} a month, for the hours in which the event occurs.\n\n`,
);
const deployedBot = (await deployedFunctions()).find(({ name }) => name.startsWith('SlackApprovalsBot'));
process.stdout.write(`${floodText(refusal, (deployedBot ?? fail('bot')).memory)}\n\n`);
process.stdout.write(`Prices of us-east-1, ${pricesFrom}, without free tiers. Node ${process.version}.\n`);

/** A warm function needs no start, and reads the secret only every five minutes. */
function warmAmount(item: string, amount: number, gigabyteSeconds: number): number {
  if (item === 'Secrets Manager, calls') return 0;
  return item === 'Lambda, GB-seconds' ? gigabyteSeconds : amount;
}

function totalOf(rows: readonly Line[]): number {
  return rows.reduce((all, [, amount, price]) => all + amount * price, 0);
}

function writeTable(title: string, rows: readonly Line[], times: number): void {
  const total = totalOf(rows);
  const table = rows.map(([item, amount, price]) => {
    const share = ((amount * price) / total) * 100;
    return `| ${item} | ${Number((amount * times).toPrecision(3))} | ${(amount * price * times).toFixed(4)} | ${share.toFixed(0)} % |`;
  });
  process.stdout.write(`| ${title} | amount | USD | |\n|---|--:|--:|--:|\n${table.join('\n')}\n`);
  process.stdout.write(`| **total** | | **${(total * times).toFixed(2)}** | |\n`);
}

/** The items that DynamoDB and Lambda bill. */
async function requestLines(usage: Usage): Promise<readonly Line[]> {
  return [
    ['DynamoDB, write units', unitsOf(usage.calls.filter(isWrite)), prices.writeUnit],
    ['DynamoDB, read units', unitsOf(usage.calls.filter((call) => !isWrite(call))), prices.readUnit],
    ['Lambda, GB-seconds', await lambdaGigabyteSeconds(usage), prices.lambdaGigabyteSecond],
    ['Lambda, requests', usage.invoked.length, prices.lambdaRequest],
  ];
}

function timesMinutes(rows: readonly Line[]): readonly Line[] {
  return rows.map(([item, amount, price]) => [item, (amount / IDLE_MINUTES) * MINUTES_A_MONTH, price]);
}

interface Usage {
  readonly calls: readonly RecordedCall[];
  /** Name of the function for each invocation. */
  readonly invoked: readonly string[];
  readonly messages: number;
  readonly published: number;
  /** Bytes of log data. */
  readonly logged: number;
  readonly slackCalls: number;
}

async function recordIdle(recorded: RecordedWorld): Promise<Usage> {
  await startRecording(recorded);
  await recorded.cloud.advance(IDLE_MINUTES * 60_000);
  return usageOf(recorded);
}

async function recordApproval(recorded: RecordedWorld): Promise<Usage & { readonly transitions: number }> {
  const { slack, cloud } = recorded;
  await startRecording(recorded);
  await slack.say('U0ANA', '/trade AMZN 10');
  await cloud.settled();
  await slack.press(
    'U0BEN',
    slack.messages().find(({ text }) => text.includes('10 AMZN'))?.ts ?? '',
    'approve',
  );
  await cloud.settled();
  return { ...usageOf(recorded), transitions: await transitionsOf(cloud) };
}

/** Looks at an order that waits at the broker, of which nothing is filled. */
async function recordLooks(recorded: RecordedWorld): Promise<Usage & { readonly transitions: number }> {
  const { slack, cloud } = recorded;
  await slack.say('U0ANA', '/trade buy AMZN 11');
  await cloud.settled();
  // The price rises above the limit.
  const dynamodb = new DynamoDBClient({ endpoint: cloud.url, region: 'us-east-1', credentials });
  await tellMarket(dynamodb, recorded, 'AMZN', { factor: 1.03 });
  dynamodb.destroy();
  await slack.press(
    'U0BEN',
    slack.messages().find(({ text }) => text.includes('11 AMZN'))?.ts ?? '',
    'approve',
  );
  await cloud.advance(2_000);
  const before = await transitionsOf(cloud);
  await startRecording(recorded);
  await cloud.advance(LOOKS_TAKE_MS);
  const { calls, invoked, logged, ...usage } = usageOf(recorded);
  // The reconciler and Sweep Orders run every minute in any case.
  const isLook = (name: string) => name.includes('CheckOrder');
  return {
    ...usage,
    logged: (logged * invoked.filter(isLook).length) / invoked.length,
    calls: calls.filter(({ by }) => isLook(by)),
    invoked: invoked.filter(isLook),
    slackCalls: 0,
    transitions: (await transitionsOf(cloud)) - before,
  };
}

async function startRecording({ cloud, takeCalls, takeEvents }: RecordedWorld): Promise<void> {
  await cloud.settled();
  takeCalls();
  takeEvents();
}

function usageOf({ takeCalls, takeEvents }: RecordedWorld): Usage {
  const calls = takeCalls();
  const events = takeEvents();
  const named = (name: string) => events.filter(({ event }) => event === name);
  // CloudWatch bills 26 bytes per log event in addition to its text.
  const logged = named('function_logged').map(({ line }) => String(line).length + 26);
  return {
    calls,
    invoked: named('function_invoked').map((each) => String(each['function'])),
    messages: named('message_sent').length,
    published: named('message_published').length,
    // Lambda logs three lines of its own per invocation, about 400 bytes.
    logged: logged.reduce((all, each) => all + each, 0) + named('function_invoked').length * 400,
    slackCalls: events.filter(({ source, event }) => source === 'slack' && event === 'method_called').length,
  };
}

async function transitionsOf({ url: endpoint, outputs }: RecordedWorld['cloud']): Promise<number> {
  const client = new SFNClient({ endpoint, region: 'us-east-1', credentials });
  const stateMachineArn = outputs['StateMachineArn'] ?? '';
  const { executions = [] } = await client.send(new ListExecutionsCommand({ stateMachineArn }));
  const executionArn = executions[0]?.executionArn ?? '';
  const { events = [] } = await client.send(new GetExecutionHistoryCommand({ executionArn }));
  client.destroy();
  return events.filter(({ type }) => type?.endsWith('StateEntered')).length;
}

/**
 * A cold start runs at full CPU speed, the handler at the share of a vCPU that the memory gives, and a call keeps the
 * memory of its function for as long as it takes.
 */
async function lambdaGigabyteSeconds({ invoked, calls, slackCalls }: Usage, isWarm = false): Promise<number> {
  const functions = await deployedFunctions();
  const bench = await openBench();
  const bot = functions.find(({ name }) => name.startsWith('SlackApprovalsBot')) ?? fail('bot');
  // Assumes that every function needs as much CPU per event as the bot needs per press.
  const press = await bench.run(bot);
  const handling = isWarm ? press.warmCpu : press.cpu - (await bench.evaluate(bot)).cpu;
  let milliseconds = 0;
  for (const name of invoked) {
    const found = functions.find((each) => name.endsWith(each.name)) ?? fail(name);
    const { cpu } = isWarm ? { cpu: 0 } : await bench.evaluate(found);
    milliseconds += (found.memory / 1024) * (cpu + handling / (found.memory / ONE_VCPU_MB));
  }
  bench.close();
  const { states, slack } = realisticLatency;
  const awsMs = (states?.roundTrip ?? 0) + (states?.service ?? 0);
  const slackMs = (slack?.roundTrip ?? 0) + (slack?.service ?? 0);
  for (const { by } of calls.filter((call) => call.by !== OPERATOR)) {
    const caller = functions.find(({ name }) => name.includes(by)) ?? fail(by);
    milliseconds += (caller.memory / 1024) * awsMs;
  }
  return (milliseconds + slackCalls * SLACK_CALLERS_GB * slackMs) / 1_000;
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
