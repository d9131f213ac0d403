// The approvals table: the only place but the history and the queues that holds a task token. Each method is one
// conditional write or one consistent read; the bot and the functions on the queues call them.
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { marshall, type NativeAttributeValue, unmarshall } from '@aws-sdk/util-dynamodb';
import { executionName } from './executions.ts';
import {
  type Approval,
  type ApprovalKey,
  type Decision,
  earliestDeadline,
  settled,
  type Result,
} from '../domain/approval.ts';

/** An approval together with the right to resume its execution. Nothing that holds one is logged or shown. */
export interface Resumable {
  readonly approval: Approval;
  readonly taskToken: string;
}

export interface Approvals {
  /** Stores a new approval. False: it is there already. */
  create(approval: Approval, taskToken: string): Promise<boolean>;
  get(key: ApprovalKey): Promise<Approval | undefined>;
  /** All pauses of one execution, in the order in which they were asked. */
  ofExecution(executionArn: string): Promise<readonly Approval[]>;
  /** Takes a decision if the approval is pending and its deadline far enough: the one write that decides. */
  decide(key: ApprovalKey, decision: Decision): Promise<Resumable | undefined>;
  /** An approval that is decided and whose decision may not have reached Step Functions. */
  unsent(key: ApprovalKey): Promise<Resumable | undefined>;
  recordSent(key: ApprovalKey, at: string): Promise<void>;
  /** Stores who asked the same again. False: somebody did already. */
  recordAgain(key: ApprovalKey, again: NonNullable<Approval['again']>): Promise<boolean>;
  /** Takes the right to post the message, for a minute. False: it is posted, or somebody else is posting it. */
  claimPost(key: ApprovalKey, now: Date): Promise<boolean>;
  /** Gives that right back: nothing was posted. */
  releasePost(key: ApprovalKey): Promise<void>;
  /** Stores where the message stands, unless that is known already. */
  recordPosted(key: ApprovalKey, ts: string, shownRevision: number): Promise<void>;
  /** Stores the revision that the message now shows; returns the newest revision. */
  recordShown(key: ApprovalKey, shownRevision: number): Promise<number>;
  /** Stores the execution's result with the approval, once. */
  settle(approval: Approval, result: Result): Promise<void>;
}

type Change = Omit<UpdateItemCommandInput, 'TableName' | 'Key' | 'ExpressionAttributeValues'>;

const APPROVAL = 'approval-';

/** Longer than a function that posts can live, in milliseconds: after it whoever was posting is dead. */
const POSTING_TAKES = 60_000;

/** The sort key of an approval; the same table holds, under `ending-…`, how executions ended. */
export function approvalId(digest: string): string {
  return `${APPROVAL}${digest}`;
}

export function approvalsTable(client: DynamoDBClient, table: string): Approvals {
  const update = (
    { execution, id }: ApprovalKey,
    change: Change,
    values: Record<string, NativeAttributeValue> | undefined,
  ) =>
    changed(client, {
      TableName: table,
      Key: marshall({ execution, id }),
      ...change,
      // Without it an update of what is not there would make it.
      ConditionExpression: ['attribute_exists(id)', change.ConditionExpression].filter(Boolean).join(' AND '),
      ExpressionAttributeValues: values && marshall(values, { removeUndefinedValues: true }),
    });
  const read = async ({ execution, id }: ApprovalKey) => {
    const key = marshall({ execution, id });
    const { Item } = await client.send(
      new GetItemCommand({ TableName: table, Key: key, ConsistentRead: true }),
    );
    return Item && unmarshall(Item);
  };
  const putNew = async (item: object) => {
    const Item = marshall(item, { removeUndefinedValues: true });
    return succeeded(
      client.send(
        new PutItemCommand({ TableName: table, Item, ConditionExpression: 'attribute_not_exists(id)' }),
      ),
    );
  };

  return {
    create: (approval, taskToken) => putNew({ ...approval, taskToken }),

    async get(key) {
      const item = await read(key);
      return item && toResumable(item).approval;
    },

    async ofExecution(executionArn) {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName: table,
          ConsistentRead: true,
          KeyConditionExpression: 'execution = :execution AND begins_with(id, :approval)',
          ExpressionAttributeValues: marshall({
            ':execution': executionName(executionArn),
            ':approval': APPROVAL,
          }),
        }),
      );
      const approvals = Items.map((item) => toResumable(unmarshall(item)).approval);
      // Two state machines may have executions of one name.
      const own = approvals.filter((approval) => approval.executionArn === executionArn);
      return own.toSorted((one, other) => one.askedAt.localeCompare(other.askedAt));
    },

    async decide(key, decision) {
      const item = await update(
        key,
        {
          UpdateExpression: 'SET #status = :outcome, decision = :decision, revision = revision + :one',
          ConditionExpression: '#status = :pending AND deadline > :earliest',
          ExpressionAttributeNames: { '#status': 'status' },
          ReturnValues: 'ALL_NEW',
        },
        {
          ':outcome': decision.outcome,
          ':decision': decision,
          ':pending': 'pending',
          ':earliest': earliestDeadline(new Date(decision.at)),
          ':one': 1,
        },
      );
      return item && toResumable(item);
    },

    async unsent(key) {
      const item = await read(key);
      if (!item) return undefined;
      const resumable = toResumable(item);
      const { decision, sentAt, result } = resumable.approval;
      return decision && !sentAt && !result ? resumable : undefined;
    },

    async recordSent(key, at) {
      await update(key, { UpdateExpression: 'SET sentAt = :at' }, { ':at': at });
    },

    async recordAgain(key, again) {
      const item = await update(
        key,
        {
          UpdateExpression: 'SET again = :again, revision = revision + :one',
          ConditionExpression: 'attribute_not_exists(again)',
          ReturnValues: 'ALL_NEW',
        },
        { ':again': again, ':one': 1 },
      );
      return item !== undefined;
    },

    async claimPost(key, now) {
      const item = await update(
        key,
        {
          UpdateExpression: 'SET postingAt = :now',
          ConditionExpression:
            'attribute_not_exists(ts) AND (attribute_not_exists(postingAt) OR postingAt < :stale)',
          ReturnValues: 'ALL_NEW',
        },
        { ':now': now.toISOString(), ':stale': new Date(now.getTime() - POSTING_TAKES).toISOString() },
      );
      return item !== undefined;
    },

    async releasePost(key) {
      await update(key, { UpdateExpression: 'REMOVE postingAt' }, undefined);
    },

    async recordPosted(key, ts, shownRevision) {
      await update(
        key,
        {
          UpdateExpression: 'SET ts = :ts, shownRevision = :shown',
          ConditionExpression: 'attribute_not_exists(ts)',
        },
        { ':ts': ts, ':shown': shownRevision },
      );
    },

    async recordShown(key, shownRevision) {
      const item = await update(
        key,
        { UpdateExpression: 'SET shownRevision = :shown', ReturnValues: 'ALL_NEW' },
        { ':shown': shownRevision },
      );
      return item ? toResumable(item).approval.revision : shownRevision;
    },

    async settle(approval, result) {
      const after = settled(approval, result);
      await update(
        approval,
        {
          UpdateExpression: 'SET #status = :status, #result = :result, revision = revision + :one',
          ConditionExpression:
            '(attribute_not_exists(#result) OR NOT #result.outcome IN (:outcome, :filled))',
          ExpressionAttributeNames: { '#status': 'status', '#result': 'result' },
        },
        {
          ':status': after.status,
          ':result': result,
          ':outcome': result.outcome,
          // What was done stays done, whatever is reported late.
          ':filled': 'filled',
          ':one': 1,
        },
      );
    },
  };
}

/** The item after the change, where the input asks for it; undefined where its condition was not met. */
async function changed(client: DynamoDBClient, input: UpdateItemCommandInput) {
  try {
    const { Attributes } = await client.send(new UpdateItemCommand(input));
    return Attributes && unmarshall(Attributes);
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined;
    throw error;
  }
}

async function succeeded(writing: Promise<unknown>): Promise<boolean> {
  try {
    await writing;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

/** Only this file writes the items, so they are what it wrote. */
function toResumable(item: Record<string, NativeAttributeValue>): Resumable {
  const { taskToken, ...approval } = item;
  delete approval['postingAt'];
  return { approval: approval as Approval, taskToken };
}
