// The world a cell of the table is played in: all that would be deployed, reached through the wire, with the gestures of
// people who press again where nothing seems to have happened. The stories use it.
import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { ListExecutionsCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Answer, Message } from '../local/slack/slack.ts';
import { type LogEvent, startWorld, type World } from '../local/world.ts';
import { openFaultProxy, type FaultProxy } from './fault-proxy.ts';

export const ANA = 'U0ANA';
export const BEN = 'U0BEN';
export const CHLOE = 'U0CHLOE';
export const DANA = 'U0DANA';

/** Credentials of any value act as an operator. */
const operator = { region: 'us-east-1', credentials: { accessKeyId: 'operator', secretAccessKey: 'any' } };

/** Longer than any function may run, in milliseconds. */
const MAX_RUN_MS = 60_000;

/** How often people try, and how long they wait in between, in milliseconds. */
const TRIES = 5;
const RETRY_AFTER_MS = 30_000;

export interface Harness extends World {
  readonly proxy: FaultProxy;
  readonly events: readonly LogEvent[];
  readonly sfn: SFNClient;
  readonly sqs: SQSClient;
  readonly dynamodb: DynamoDBClient;
  /** Presses of which nobody saw anything, each a sentence; they are forgotten once read. */
  takeSilences(): readonly string[];
  /** How often people had to do a thing again. */
  readonly again: () => number;
  /** Types it, again if Slack or the app says that it went wrong. */
  says(person: string, text: string): Promise<void>;
  /** Presses that button of the message, or of what `where` finds, as long as it is there and nothing has come of it. */
  presses(person: string, where: () => string | undefined, action: string): Promise<void>;
  /** Submits the modal before the person, if one is there. */
  submits(person: string, values: Readonly<Record<string, string>>): Promise<void>;
  /** Does it, again if it did not go well. */
  does(person: string, what: string, doing: () => Promise<Answer>): Promise<void>;
  /** The last message of the channel that bears this button. */
  withButton(action: string): () => string | undefined;
  /** As an operator would, outside Slack; answers the execution's ARN. */
  start(input: object): Promise<string>;
  /** ARNs of all executions so far, the newest first. */
  executions(): Promise<readonly string[]>;
  /** How many approvals are not told to their end. */
  open(): Promise<number>;
}

export async function openHarness(assembly: string): Promise<Harness> {
  const events: LogEvent[] = [];
  let world: World | undefined;
  const proxy = await openFaultProxy({
    kill: (name) => world?.cloud.kill(name),
    timeOut: (name) => {
      world?.clock.skip(MAX_RUN_MS);
      world?.cloud.kill(name);
    },
  });
  const opened = await startWorld({
    assembly,
    port: 0,
    awsPort: 0,
    log: (event) => events.push(event),
    reach: proxy.reach,
  });
  world = opened;
  const { cloud, slack } = opened;
  const clients = {
    sfn: new SFNClient({ ...operator, endpoint: cloud.url }),
    sqs: new SQSClient({ ...operator, endpoint: cloud.url }),
    dynamodb: new DynamoDBClient({ ...operator, endpoint: cloud.url }),
  };
  const stateMachineArn = cloud.outputs['StateMachineArn'] ?? '';
  return {
    ...opened,
    ...clients,
    ...peopleAt(opened),
    proxy,
    events,
    withButton: (action) => () =>
      slack
        .messages()
        .findLast(({ blocks }) => JSON.stringify(blocks ?? []).includes(`"action_id":"${action}"`))?.ts,
    async start(input) {
      const { executionArn = '' } = await clients.sfn.send(
        new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }),
      );
      await cloud.settled();
      return executionArn;
    },
    async executions() {
      const { executions = [] } = await clients.sfn.send(new ListExecutionsCommand({ stateMachineArn }));
      return executions.map(({ executionArn = '' }) => executionArn);
    },
    async open() {
      const { Count = 0 } = await clients.dynamodb.send(
        new QueryCommand({
          TableName: cloud.outputs['ApprovalsTable'],
          IndexName: 'open',
          KeyConditionExpression: '#open = :yes',
          ExpressionAttributeNames: { '#open': 'open' },
          ExpressionAttributeValues: { ':yes': { S: 'yes' } },
          Select: 'COUNT',
        }),
      );
      return Count;
    },
    async stop() {
      for (const client of Object.values(clients)) client.destroy();
      await Promise.all([opened.stop(), proxy.close()]);
    },
  };
}

type Gestures = Pick<Harness, 'takeSilences' | 'again' | 'says' | 'presses' | 'submits' | 'does'>;

function peopleAt({ cloud, slack }: World): Gestures {
  let silences: string[] = [];
  let again = 0;

  /** All that this person can see, to tell whether anything changed. */
  const sight = (person: string) =>
    JSON.stringify([
      slack.seenBy(person),
      slack.directMessages(person),
      slack.modal(person),
      slack.home(person),
    ]);

  const does: Harness['does'] = async (person, what, doing) => {
    for (let tries = 1; tries <= TRIES; tries += 1) {
      const before = sight(person);
      const words = slack.seenBy(person).length;
      const { status, body } = await doing();
      await cloud.settled();
      if (status === 200 && before === sight(person) && !/"errors"/.test(body)) {
        // A function that dies once it has answered takes its word along. What was done the watch shows within its minute;
        // who only asked, or was refused, asks again.
        await cloud.advance(RETRY_AFTER_MS);
        if (before !== sight(person)) return;
        if (tries === TRIES) silences.push(`${person} ${what}, and nothing was seen of it`);
        again += 1;
        continue;
      }
      const heard = slack
        .seenBy(person)
        .slice(words)
        .map(({ text }) => text);
      if (
        status === 200 &&
        !/"errors"/.test(body) &&
        !heard.some((text) => /went wrong|could not/.test(text))
      )
        return;
      again += 1;
      await cloud.advance(RETRY_AFTER_MS);
    }
  };

  return {
    takeSilences() {
      const taken = silences;
      silences = [];
      return taken;
    },
    again: () => again,
    does,
    says: (person, text) => does(person, `typed ${text}`, () => slack.say(person, text)),
    async presses(person, where, action) {
      const target = where();
      if (target === undefined) return;
      await does(person, `pressed ${action}`, async () => {
        // Whoever presses again presses what is there then.
        const now = where() === target || target.startsWith('V') ? where() : undefined;
        return now === undefined ? ended : slack.press(person, now, action);
      });
    },
    async submits(person, values) {
      if (!slack.modal(person)?.submit) return;
      await does(person, 'submitted', async () =>
        slack.modal(person) ? slack.submit(person, values) : ended,
      );
      if (slack.modal(person)) slack.closeModal(person);
    },
  };
}

/** The button is gone: what was wanted has happened, or cannot any more. */
const ended: Answer = { status: 200, milliseconds: 0, body: '"errors"' };

/** What a message of the channel says it is about, where that is known. */
export function aboutApproval({ metadata, threadTs }: Message): string | undefined {
  const { id } = { id: undefined, ...metadata?.event_payload };
  const asks = metadata?.event_type === 'countersign_approval' && !threadTs;
  return asks && typeof id === 'string' ? id : undefined;
}
