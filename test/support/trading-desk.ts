// The whole local world for a story, with the actions of people: ask, press, look. Called by the stories; each test
// file starts its own world and stops it.
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import {
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { inject } from 'vitest';
import type { Cloud } from '../../local/cloud/index.ts';
import type { Answer, Message } from '../../local/slack/slack.ts';
import { type LogEvent, startWorld, type World, type WorldOptions } from '../../local/world.ts';

export const ANA = 'U0ANA';
export const BEN = 'U0BEN';
export const CHLOE = 'U0CHLOE';

/** Credentials of any value act as an operator. */
export const operator = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'operator', secretAccessKey: 'any' },
};

/** Parts of the names of the queues. */
const QUEUES = {
  Requests: 'RequestsQueue',
  RelayedResults: 'RelayedResultsQueue',
  EndedExecutions: 'EndedExecutionsEndedQueue',
  Reconcile: 'ReconcileQueue',
} as const;

/** Longer than a test's messages wait for slots of the rate limit. */
const MAX_WAIT_SECONDS = 60;

export interface TradingDesk extends World {
  readonly sfn: SFNClient;
  readonly sqs: SQSClient;
  /** Every event of the world so far. */
  readonly events: readonly LogEvent[];
  /** Types a command as Ana and returns the message that asks for approval. */
  ask(command: string): Promise<Message>;
  press(person: string, message: Message, action: 'approve' | 'decline' | 'resubmit'): Promise<Answer>;
  /** Presses Decline and submits the modal that opens. */
  decline(person: string, message: Message, reason?: string): Promise<Answer>;
  /** What stands in the channel by itself, in order. */
  posts(): readonly Message[];
  /** The message as it stands now. */
  now(message: Message): Message;
  replies(message: Message): readonly Message[];
  /** What only this person saw. */
  privately(person: string): readonly string[];
  /** Starts an execution as an operator would, outside Slack. */
  start(input: object): Promise<string>;
  /** The same, and returns the message that asks for approval. */
  askOutsideSlack(input: object): Promise<Message>;
  execution(arn: string): Promise<DescribeExecutionCommandOutput>;
  /** The ARN of the execution started last. */
  lastExecution(): Promise<string>;
  /** Delivers the last message of this queue of work once more, as SQS may. */
  redeliver(queue: 'Requests' | 'RelayedResults' | 'EndedExecutions' | 'Reconcile'): Promise<void>;
  /** The address of a queue, by the end of its path in the stack. */
  queueUrl(name: string): Promise<string>;
  /** Resolves at the moment when some execution enters this state next. */
  entered(state: string): Promise<void>;
  /** The names of the states entered, in order. */
  path(arn: string): Promise<readonly string[]>;
}

/** Early in the day of the market, which ends at midnight UTC and with it the orders that wait. */
export const MORNING = new Date('2026-11-02T06:00:00Z');

/** @param start the time at which the clock starts. Default: now */
export async function openTradingDesk(start?: Date): Promise<TradingDesk> {
  return openDesk({ assembly: inject('assembly'), ...(start ? { start } : {}) });
}

/** The same gestures before another stack. */
export async function openDesk(
  stack: Pick<WorldOptions, 'assembly' | 'manifest' | 'channelName' | 'channelNames' | 'start'>,
): Promise<TradingDesk> {
  const events: LogEvent[] = [];
  const watchers: ((event: LogEvent) => void)[] = [];
  const world = await startWorld({
    ...stack,
    port: 0,
    awsPort: 0,
    log: (event) => {
      events.push(event);
      for (const watcher of watchers) watcher(event);
    },
  });
  const { cloud, slack } = world;
  const sfn = new SFNClient({ ...operator, endpoint: cloud.url });
  const sqs = new SQSClient({ ...operator, endpoint: cloud.url });
  const stateMachineArn = cloud.outputs['StateMachineArn'] ?? '';
  const posts = () => slack.messages().filter(({ threadTs }) => !threadTs);

  /** The request of an execution. Waits for the rate limit of the channel. */
  const requestOf = async (execution: string): Promise<Message> => {
    for (let seconds = 0; seconds < MAX_WAIT_SECONDS; seconds += 1) {
      const posted = posts().find(({ text }) => text.includes(`\`${execution}\``));
      if (posted) return posted;
      await cloud.advance(1_000);
    }
    throw new Error(`Nothing was posted: ${JSON.stringify(events.slice(-12), null, 1)}`);
  };
  const start = async (input: object) => {
    const { executionArn = '' } = await sfn.send(
      new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }),
    );
    await cloud.settled();
    return executionArn;
  };
  const lastExecution = async () => {
    const { executions = [] } = await sfn.send(new ListExecutionsCommand({ stateMachineArn }));
    return executions[0]?.executionArn ?? '';
  };
  const queueUrl = async (name: string): Promise<string> => {
    const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({}));
    const url = QueueUrls.find((each) => each.includes(name));
    if (!url) throw new Error(`No queue ${name} among ${QueueUrls.join(', ')}`);
    return url;
  };
  const history = async (executionArn: string) =>
    (await sfn.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1_000 }))).events ?? [];

  /** Whatever a story was about: what should never be seen was not. */
  const shownNoSecret = async (): Promise<void> => {
    const people = slack.people.map(({ id }) => [
      slack.seenBy(id),
      slack.directMessages(id),
      slack.modal(id),
    ]);
    const seen = JSON.stringify([events, slack.messages(), people]);
    const secrets = [...(await taskTokens(cloud)), ...(await slackSecrets(cloud))];
    if (secrets.some((secret) => seen.includes(secret)))
      throw new Error('A task token or a secret was shown in Slack, in a log, or in an event.');
  };

  return {
    ...world,
    sfn,
    sqs,
    events,
    ask: async (command) => {
      await slack.say(ANA, command);
      await cloud.settled();
      return requestOf((await lastExecution()).split(':').at(-1) ?? '');
    },
    press: async (person, { ts }, action) => {
      const answer = await slack.press(person, ts, action);
      await cloud.settled();
      return answer;
    },
    decline: async (person, { ts }, reason = '') => {
      await slack.press(person, ts, 'decline');
      await cloud.settled();
      const answer = await slack.submit(person, { reason });
      await cloud.settled();
      return answer;
    },
    posts,
    now: ({ ts }) => {
      const found = slack.messages().find((message) => message.ts === ts);
      if (!found) throw new Error(`The message ${ts} is gone.`);
      return found;
    },
    replies: ({ ts }) => slack.messages().filter(({ threadTs }) => threadTs === ts),
    privately: (person) => {
      const everyone = new Set(slack.messages().map(({ ts }) => ts));
      return slack
        .seenBy(person)
        .filter(({ ts }) => !everyone.has(ts))
        .map(({ text }) => text);
    },
    start,
    askOutsideSlack: async (input) => requestOf((await start(input)).split(':').at(-1) ?? ''),
    execution: (executionArn) => sfn.send(new DescribeExecutionCommand({ executionArn })),
    lastExecution,
    path: async (arn) =>
      (await history(arn)).flatMap(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name ?? []),
    queueUrl,
    entered: (state) =>
      new Promise((resolve) => {
        watchers.push((event) => {
          if (event['state'] === state) resolve();
        });
      }),
    redeliver: async (queue) => cloud.redeliver(await queueUrl(QUEUES[queue])),
    stop: async () => {
      try {
        await shownNoSecret();
      } finally {
        sfn.destroy();
        sqs.destroy();
        await world.stop();
      }
    },
  };
}

async function taskTokens({ url, outputs }: Cloud): Promise<readonly string[]> {
  const dynamodb = new DynamoDBClient({ ...operator, endpoint: url });
  const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName: outputs['ApprovalsTable'] }));
  dynamodb.destroy();
  return Items.flatMap(({ taskToken }) => taskToken?.S ?? []);
}

async function slackSecrets({ url, outputs }: Cloud): Promise<readonly string[]> {
  const secrets = new SecretsManagerClient({ ...operator, endpoint: url });
  const asked = new GetSecretValueCommand({ SecretId: outputs['SecretName'] });
  const { SecretString = '{}' } = await secrets.send(asked);
  secrets.destroy();
  return Object.values<string>(JSON.parse(SecretString));
}

export function hasButtons({ blocks = [] }: Message): boolean {
  return blocks.some(({ type }) => type === 'actions');
}
