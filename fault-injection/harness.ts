// Runs the stack on this machine, with the fault proxy between the functions and Slack and AWS. Its simulated people
// repeat an action that has no visible effect. The stories, the cases and the burst use it.
import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { ListExecutionsCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { Answer, Message } from '../local/slack/slack.ts';
import { type LogEvent, startWorld, type World } from '../local/world.ts';
import { openFaultProxy, type FaultProxy } from './fault-proxy.ts';

export const ANA = 'U0ANA';
export const BEN = 'U0BEN';
export const CHLOE = 'U0CHLOE';
export const DANA = 'U0DANA';

/** The local cloud treats credentials that belong to no function as an operator's. */
const operator = { region: 'us-east-1', credentials: { accessKeyId: 'operator', secretAccessKey: 'any' } };

/** Longer than the timeout of any function. */
const MAX_RUN_MS = 60_000;

/** Maximum number of attempts at an action, and the simulated time before each retry. */
const MAX_TRIES = 5;
const RETRY_AFTER_MS = 30_000;

export interface Harness extends World {
  readonly proxy: FaultProxy;
  readonly events: readonly LogEvent[];
  /** Calls the listener at each event from now on, until the next `onEvent`. */
  onEvent(listener: (event: LogEvent) => void): void;
  readonly sfn: SFNClient;
  readonly sqs: SQSClient;
  readonly dynamodb: DynamoDBClient;
  readonly s3: S3Client;
  readonly ssm: SSMClient;
  /** Returns and clears the descriptions of actions that had no visible effect. */
  takeUnanswered(): readonly string[];
  /** How often people had to repeat an action. */
  readonly repeats: () => number;
  /** Types the text, and repeats it after an error or if it had no visible effect. */
  says(person: string, text: string): Promise<void>;
  /**
   * Presses a button of the message or view whose id `where` returns. Repeats the press after an error or if it had no
   * visible effect. Does nothing if `where` returns undefined.
   */
  presses(person: string, where: () => string | undefined, action: string): Promise<void>;
  /** Submits the person's open modal, if there is one, and closes it if it stays open. */
  submits(person: string, values: Readonly<Record<string, string>>): Promise<void>;
  /** Performs the action, and repeats it after an error or if it had no visible effect. */
  does(person: string, description: string, action: () => Promise<Answer>): Promise<void>;
  /** Returns a function that finds the `ts` of the last message in the channel with this button. */
  withButton(action: string): () => string | undefined;
  /** Starts an execution outside Slack. Returns its ARN. */
  start(input: object): Promise<string>;
  /** ARNs of all executions, the newest first. */
  executions(): Promise<readonly string[]>;
  /** Number of approvals that still need work. */
  open(): Promise<number>;
}

export async function openHarness(assembly: string): Promise<Harness> {
  const events: LogEvent[] = [];
  let listener: (event: LogEvent) => void = () => {};
  let world: World | undefined;
  const proxy = await openFaultProxy({
    running: () => world?.cloud.invocations ?? 0,
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
    log: (event) => {
      events.push(event);
      listener(event);
    },
    reach: proxy.reach,
  });
  world = opened;
  const { cloud, slack } = opened;
  const clients = {
    sfn: new SFNClient({ ...operator, endpoint: cloud.url }),
    sqs: new SQSClient({ ...operator, endpoint: cloud.url }),
    dynamodb: new DynamoDBClient({ ...operator, endpoint: cloud.url }),
    ssm: new SSMClient({ ...operator, endpoint: cloud.url }),
    s3: new S3Client({ ...operator, endpoint: cloud.url }),
  };
  const stateMachineArn = cloud.outputs['StateMachineArn'] ?? '';
  return {
    ...opened,
    ...clients,
    ...gesturesIn(opened),
    proxy,
    events,
    onEvent: (next) => {
      listener = next;
    },
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

type Gestures = Pick<Harness, 'takeUnanswered' | 'repeats' | 'says' | 'presses' | 'submits' | 'does'>;

function gesturesIn({ cloud, slack }: World): Gestures {
  let unanswered: string[] = [];
  let repeats = 0;

  /** Everything that this person can see, to detect changes. */
  const screenOf = (person: string) =>
    JSON.stringify([
      slack.seenBy(person),
      slack.directMessages(person),
      slack.modal(person),
      slack.home(person),
    ]);

  const does: Harness['does'] = async (person, description, action) => {
    for (let tries = 1; tries <= MAX_TRIES; tries += 1) {
      const before = screenOf(person);
      const seenBefore = slack.seenBy(person).length;
      const { status, body } = await action();
      await cloud.settled();
      if (status === 200 && before === screenOf(person) && !/"errors"/.test(body)) {
        // The function may have died after its answer. If it stored a change, the reconciler updates what people see.
        // Otherwise the person repeats the action.
        await cloud.advance(RETRY_AFTER_MS);
        if (before !== screenOf(person)) return;
        if (tries === MAX_TRIES) unanswered.push(`${person} ${description} without any visible effect`);
        repeats += 1;
        continue;
      }
      const seen = slack
        .seenBy(person)
        .slice(seenBefore)
        .map(({ text }) => text);
      if (status === 200 && !/"errors"/.test(body) && !seen.some((text) => /went wrong|could not/.test(text)))
        return;
      repeats += 1;
      await cloud.advance(RETRY_AFTER_MS);
    }
  };

  return {
    takeUnanswered() {
      const taken = unanswered;
      unanswered = [];
      return taken;
    },
    repeats: () => repeats,
    does,
    says: (person, text) => does(person, `typed ${text}`, () => slack.say(person, text)),
    async presses(person, where, action) {
      const target = where();
      if (target === undefined) return;
      await does(person, `pressed ${action}`, async () => {
        // If the button of a message disappeared or moved to another message, nothing is pressed.
        const now = where() === target || target.startsWith('V') ? where() : undefined;
        return now === undefined ? didNothing : slack.press(person, now, action);
      });
    },
    async submits(person, values) {
      if (!slack.modal(person)?.submit) return;
      await does(person, 'submitted', async () =>
        slack.modal(person) ? slack.submit(person, values) : didNothing,
      );
      if (slack.modal(person)) slack.closeModal(person);
    },
  };
}

/**
 * Replaces Slack's answer if the button or modal is gone and nothing is sent. Because of `"errors"` in the body, `does`
 * does not report the action as unanswered.
 */
export const didNothing: Answer = { status: 200, milliseconds: 0, body: '"errors"' };

/** Returns the id of the approval that this message requests. Undefined for other messages. */
export function aboutApproval({ metadata, threadTs }: Message): string | undefined {
  const { id } = { id: undefined, ...metadata?.event_payload };
  const asks = metadata?.event_type === 'countersign_approval' && !threadTs;
  return asks && typeof id === 'string' ? id : undefined;
}
