// The approvals table. The bot and the functions read and write approvals with it, and the operator's commands read
// them. Task tokens are stored only in this table, in the queues, and by Step Functions.
import { type DynamoDBClient, paginateQuery, QueryCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Approval, ApprovalKey, PageCursor } from '../domain/approval.ts';
import { type Amendments, amendments } from './amendments.ts';
import { APPROVAL, approvalItems, toApprovalWithToken, unchangedSinceRead } from './approval-items.ts';
import { delegateMentions, type DelegateMentions } from './delegate-mentions.ts';
import { escalationSteps, type EscalationSteps } from './escalation-steps.ts';
import { executionName } from './executions.ts';
import { type MessageState, messageState } from './message-state.ts';
import { type TaskTokens, taskTokens } from './task-tokens.ts';
import { DECIDED_INDEX, NEXT_CHECK_INDEX, OPEN_INDEX } from './names/indexes.ts';
import { type Settlement, settlement } from './settlement.ts';
import { unsentDecisions, type UnsentDecisions } from './unsent-decisions.ts';
import { votes, type Votes } from './votes.ts';

export interface Approvals
  extends
    Votes,
    Amendments,
    EscalationSteps,
    DelegateMentions,
    TaskTokens,
    MessageState,
    UnsentDecisions,
    Settlement {
  /** Stores a new approval. Returns false if it exists already. */
  create(approval: Approval, taskToken: string): Promise<boolean>;
  get(key: ApprovalKey): Promise<Approval | undefined>;
  /** All approvals of one execution, oldest first. */
  ofExecution(executionArn: string): Promise<readonly Approval[]>;
  /**
   * Keys of the open approvals that the reconciler must check now, longest overdue first. An approval is open while
   * work on it remains. Eventually consistent.
   */
  due(now: Date): AsyncIterable<ApprovalKey>;
  /** Stores when the reconciler must check next (ISO 8601), unless the approval changed since it was read. */
  scheduleNextCheck(approval: Approval, nextCheckAt: string): Promise<void>;
  /**
   * One page of pending approvals, earliest deadline first. `next` is undefined on the last page. The query is
   * eventually consistent, but each approval that the query finds is read consistently.
   */
  pending(
    limit: number,
    after?: PageCursor,
  ): Promise<{ readonly approvals: readonly Approval[]; readonly next?: PageCursor | undefined }>;
  /** The latest decisions of a month, such as `2026-11` (UTC), newest first. Eventually consistent. */
  decided(month: string, limit: number): Promise<readonly Approval[]>;
}

const OPEN = {
  IndexName: OPEN_INDEX,
  KeyConditionExpression: '#open = :yes',
  ExpressionAttributeNames: { '#open': 'open' },
  ExpressionAttributeValues: marshall({ ':yes': 'yes' }),
};

/** The sort key of an approval. @param digest of the approval's task token */
export function approvalId(digest: string): string {
  return `${APPROVAL}${digest}`;
}

export function approvalsTable(client: DynamoDBClient, table: string): Approvals {
  const items = approvalItems(client, table);
  const readAll = async (
    projected: readonly Parameters<typeof unmarshall>[0][],
  ): Promise<readonly Approval[]> => {
    const read = await Promise.all(projected.map((item) => items.read(toApprovalWithToken(item).approval)));
    return read.flatMap((one) => one?.approval ?? []);
  };

  return {
    ...votes(items),
    ...amendments(items),
    ...escalationSteps(items),
    ...delegateMentions(items),
    ...taskTokens(items),
    ...messageState(items),
    ...unsentDecisions(items),
    ...settlement(items),
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
      // Two state machines may have executions of the same name.
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
      const change = {
        UpdateExpression: 'SET nextCheckAt = :nextCheckAt',
        ConditionExpression: condition,
      };
      await items.update(approval, change, { ...values, ':nextCheckAt': nextCheckAt });
    },

    async pending(limit, after) {
      const { Items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({
          TableName: table,
          ...OPEN,
          Limit: limit,
          ...(after ? { ExclusiveStartKey: marshall({ ...after, open: 'yes' }) } : {}),
        }),
      );
      const approvals = (await readAll(Items)).filter(({ status }) => status === 'pending');
      if (!LastEvaluatedKey) return { approvals };
      const { execution, id, deadline } = unmarshall(LastEvaluatedKey);
      return { approvals, next: { execution, id, deadline } };
    },

    async decided(month, limit) {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName: table,
          IndexName: DECIDED_INDEX,
          KeyConditionExpression: 'decidedIn = :month',
          ExpressionAttributeValues: marshall({ ':month': month }),
          ScanIndexForward: false,
          Limit: limit,
        }),
      );
      return readAll(Items);
    },
  };
}
