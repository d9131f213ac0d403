// The approvals table: the only place but the history and the queues that holds a task token. Each method is one
// conditional write or one consistent read; the bot and the functions on the queues call them.
import { type DynamoDBClient, paginateQuery, QueryCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { type Approval, type ApprovalKey, settled, type Result } from '../domain/approval.ts';
import {
  approvalItems,
  unchangedSinceRead,
  BUMP_REVISION,
  BUMP_REVISION_VALUES,
  type ApprovalWithToken,
  toApprovalWithToken,
} from './approval-items.ts';
import { DECIDED_INDEX, NEXT_CHECK_INDEX, OPEN_INDEX } from './names/indexes.ts';
import { IMMEDIATELY } from '../domain/next-check.ts';
import { executionName } from './executions.ts';
import { escalationSteps, type EscalationSteps } from './escalation-steps.ts';
import { votes, type Votes } from './votes.ts';

/** Where a page ended: the key of its last. */
export type Place = ApprovalKey & { readonly deadline: string };

export interface Approvals extends Votes, EscalationSteps {
  /** Stores a new approval. False: it is there already. */
  create(approval: Approval, taskToken: string): Promise<boolean>;
  get(key: ApprovalKey): Promise<Approval | undefined>;
  /** All pauses of one execution, in the order in which they were asked. */
  ofExecution(executionArn: string): Promise<readonly Approval[]>;
  /** What is not told to its end and due, the longest due first. It may lag by a moment. */
  due(now: Date): AsyncIterable<ApprovalKey>;
  /** Stores when it is due again, ISO 8601, unless it moved since it was read. */
  scheduleNextCheck(approval: Approval, nextCheckAt: string): Promise<void>;
  /** A page of what waits for a decision, the earliest deadline first. It may lag by a moment. */
  pending(
    most: number,
    after?: Place,
  ): Promise<{ readonly approvals: readonly Approval[]; readonly next?: Place | undefined }>;
  /** The last decisions of a month, such as `2026-11` (UTC), the newest first. It may lag by a moment. */
  decided(month: string, most: number): Promise<readonly Approval[]>;
  /** Counts the time in which its result is to be told from now on. */
  restartNotification(key: ApprovalKey, now: Date): Promise<void>;
  /** Nobody is asked, since its execution has ended, if it is there: whoever tells that finds it, and nobody else looks. */
  cancelUnasked(key: ApprovalKey): Promise<void>;
  /** It has its result, and that is told: nothing is left to be done about it. */
  close(key: ApprovalKey): Promise<void>;
  /** It is decided, and its execution asked more and has ended since: nothing is left to be done about it. */
  closeDecided(key: ApprovalKey): Promise<void>;
  /** An approval that is decided and whose decision may not have reached Step Functions. */
  getUnsentDecision(key: ApprovalKey): Promise<ApprovalWithToken | undefined>;
  recordSent(key: ApprovalKey, at: string): Promise<void>;
  /** Stores that the same was asked again, and by whom. False: it was already. */
  recordResubmission(key: ApprovalKey, resubmitted: NonNullable<Approval['resubmitted']>): Promise<boolean>;
  /**
   * Takes the right to post the message, for half a minute. `again`: somebody had it before, and may have posted. Undefined:
   * it is posted, or somebody else is posting it.
   */
  claimPost(key: ApprovalKey, now: Date): Promise<'first' | 'again' | undefined>;
  /** Gives that right back: nothing was posted. */
  releasePost(key: ApprovalKey): Promise<void>;
  /** Stores where the message stands, unless that is known already. */
  recordPosted(key: ApprovalKey, ts: string, shownRevision: number): Promise<void>;
  /** Stores the revision that the message now shows, opens again what is closed where there is a newer one, and returns that. */
  recordShown(key: ApprovalKey, shownRevision: number): Promise<number>;
  /** Stores the execution's result with the approval, once. */
  settle(approval: Approval, result: Result, now: Date): Promise<void>;
}

const OPEN = {
  IndexName: OPEN_INDEX,
  KeyConditionExpression: '#open = :yes',
  ExpressionAttributeNames: { '#open': 'open' },
  ExpressionAttributeValues: marshall({ ':yes': 'yes' }),
};

const APPROVAL = 'approval-';

/** Longer than a function that posts can live, in milliseconds: after it whoever was posting is dead. */
const POSTING_TAKES = 30_000;

/** The sort key of an approval; the same table holds, under `ending-…`, how executions ended. */
export function approvalId(digest: string): string {
  return `${APPROVAL}${digest}`;
}

export function approvalsTable(client: DynamoDBClient, table: string): Approvals {
  const items = approvalItems(client, table);
  const restartNotification = async (key: ApprovalKey, now: Date): Promise<void> => {
    await items.update(key, { UpdateExpression: 'SET settledAt = :now' }, { ':now': now.toISOString() });
  };

  return {
    ...votes(items),
    ...escalationSteps(items),
    create: (approval, taskToken) => items.create(approval, taskToken),
    get: async (key) => (await items.read(key))?.approval,

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
      const approvals = Items.map((item) => toApprovalWithToken(item).approval);
      // Two state machines may have executions of one name.
      const own = approvals.filter((approval) => approval.executionArn === executionArn);
      return own.toSorted((one, other) => one.askedAt.localeCompare(other.askedAt));
    },

    async *due(now) {
      const pages = paginateQuery(
        { client },
        {
          TableName: table,
          IndexName: NEXT_CHECK_INDEX,
          KeyConditionExpression: '#open = :yes AND nextCheckAt <= :now',
          ExpressionAttributeNames: { '#open': 'open' },
          ExpressionAttributeValues: marshall({ ':yes': 'yes', ':now': now.toISOString() }),
        },
      );
      for await (const { Items = [] } of pages)
        yield* Items.map((item) => toApprovalWithToken(item).approval);
    },

    async scheduleNextCheck(approval, nextCheckAt) {
      const { condition, values } = unchangedSinceRead(approval);
      const change = { UpdateExpression: 'SET nextCheckAt = :nextCheckAt', ConditionExpression: condition };
      await items.update(approval, change, { ...values, ':nextCheckAt': nextCheckAt });
    },

    async pending(most, after) {
      const { Items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({
          TableName: table,
          ...OPEN,
          Limit: most,
          ...(after ? { ExclusiveStartKey: marshall({ ...after, open: 'yes' }) } : {}),
        }),
      );
      const read = await Promise.all(Items.map((item) => items.read(toApprovalWithToken(item).approval)));
      const approvals = read.flatMap((one) => (one?.approval.status === 'pending' ? one.approval : []));
      if (!LastEvaluatedKey) return { approvals };
      const { execution, id, deadline } = unmarshall(LastEvaluatedKey);
      return { approvals, next: { execution, id, deadline } };
    },

    async decided(month, most) {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName: table,
          IndexName: DECIDED_INDEX,
          KeyConditionExpression: 'decidedIn = :month',
          ExpressionAttributeValues: marshall({ ':month': month }),
          ScanIndexForward: false,
          Limit: most,
        }),
      );
      const read = await Promise.all(Items.map((item) => items.read(toApprovalWithToken(item).approval)));
      return read.flatMap((one) => one?.approval ?? []);
    },

    restartNotification: restartNotification,

    async cancelUnasked(key) {
      const change = {
        UpdateExpression: 'SET #status = :cancelled REMOVE #open',
        // What was posted is shown how it ends.
        ConditionExpression: '#status = :pending AND attribute_not_exists(ts)',
        ExpressionAttributeNames: { '#open': 'open', '#status': 'status' },
      };
      await items.update(key, change, { ':cancelled': 'cancelled', ':pending': 'pending' });
    },

    async close(key) {
      const change = {
        UpdateExpression: 'REMOVE #open, reopened',
        ConditionExpression: 'attribute_exists(#result)',
      };
      await items.update(key, {
        ...change,
        ExpressionAttributeNames: { '#open': 'open', '#result': 'result' },
      });
    },

    async closeDecided(key) {
      const change = {
        UpdateExpression: 'REMOVE #open',
        ConditionExpression: 'attribute_exists(decision)',
        ExpressionAttributeNames: { '#open': 'open' },
      };
      await items.update(key, change);
    },

    async getUnsentDecision(key) {
      const withToken = await items.read(key);
      if (!withToken) return undefined;
      const { decision, sentAt, result } = withToken.approval;
      return decision && !sentAt && !result ? withToken : undefined;
    },

    async recordSent(key, at) {
      await items.update(key, { UpdateExpression: 'SET sentAt = :at' }, { ':at': at });
    },

    async recordResubmission(key, resubmitted) {
      const AGAIN = `SET resubmitted = :resubmitted, ${BUMP_REVISION}`;
      const FIRST = 'attribute_not_exists(resubmitted)';
      const values = { ':resubmitted': resubmitted, ...BUMP_REVISION_VALUES };
      // Told to its end or not: if whoever shows it dies, the watch must find it.
      const reopen = {
        UpdateExpression: `${AGAIN}, #open = :yes, reopened = :true`,
        ConditionExpression: `${FIRST} AND attribute_not_exists(#open)`,
        ExpressionAttributeNames: { '#open': 'open' },
      };
      const recorded =
        (await items.update(key, reopen, { ...values, ':yes': 'yes', ':true': true })) ??
        (await items.update(key, { UpdateExpression: AGAIN, ConditionExpression: FIRST }, values));
      return recorded !== undefined;
    },

    async claimPost(key, now) {
      const claim = (free: string, values?: { readonly ':stale': string }) =>
        items.update(
          key,
          {
            UpdateExpression: 'SET postingAt = :now',
            ConditionExpression: `attribute_not_exists(ts) AND ${free}`,
          },
          { ':now': now.toISOString(), ...values },
        );
      if (await claim('attribute_not_exists(postingAt)')) return 'first';
      const stale = new Date(now.getTime() - POSTING_TAKES).toISOString();
      return (await claim('postingAt < :stale', { ':stale': stale })) ? 'again' : undefined;
    },

    async releasePost(key) {
      await items.update(key, { UpdateExpression: 'REMOVE postingAt' });
    },

    async recordPosted(key, ts, shownRevision) {
      const change = {
        UpdateExpression: 'SET ts = :ts, shownRevision = :shown',
        ConditionExpression: 'attribute_not_exists(ts)',
      };
      await items.update(key, change, { ':ts': ts, ':shown': shownRevision });
    },

    async recordShown(key, shownRevision) {
      const values = { ':shown': shownRevision };
      const SHOWN = 'SET shownRevision = :shown';
      const isNewest = { UpdateExpression: SHOWN, ConditionExpression: 'revision = :shown' };
      if (await items.update(key, isNewest, values)) return shownRevision;
      // It moved meanwhile: if whoever shows it dies now, the watch must find it, told to its end or not.
      const LAGS = `${SHOWN}, nextCheckAt = :atOnce`;
      const lagging = { ...values, ':atOnce': IMMEDIATELY };
      const reopen = {
        UpdateExpression: `${LAGS}, #open = :yes, reopened = :true`,
        ConditionExpression: 'attribute_not_exists(#open)',
        ExpressionAttributeNames: { '#open': 'open' },
      };
      const recorded =
        (await items.update(key, reopen, { ...lagging, ':yes': 'yes', ':true': true })) ??
        (await items.update(key, { UpdateExpression: LAGS }, lagging));
      return recorded?.approval.revision ?? shownRevision;
    },

    async settle(approval, result, now) {
      const change = {
        UpdateExpression: `SET #status = :status, #result = :result, settledAt = :now, #open = :yes, ${BUMP_REVISION}`,
        // What was done stays done, whatever is reported late.
        ConditionExpression: '(attribute_not_exists(#result) OR NOT #result.outcome IN (:outcome, :done))',
        ExpressionAttributeNames: { '#status': 'status', '#result': 'result', '#open': 'open' },
      };
      const done = await items.update(approval, change, {
        ':status': settled(approval, result).status,
        ':result': result,
        ':now': now.toISOString(),
        ':outcome': result.outcome,
        ':done': 'done',
        ':yes': 'yes',
        ...BUMP_REVISION_VALUES,
      });
      // Whoever tries to tell it again is at it still.
      if (!done) await restartNotification(approval, now);
    },
  };
}
