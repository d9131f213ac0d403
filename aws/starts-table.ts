// Stores for whom the bot starts an execution, before it starts it. request-approval and relay-result read the record,
// so that a name in the input of an execution gives nobody the rights of a requester. Records are items of the approvals
// table.
import { type DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { PreviousAnswer } from '../domain/approval.ts';
import { digest, sha256, sortedJson } from '../domain/digest.ts';
import { undefinedIfConditionFailed } from './approval-items.ts';
import { type Described, executionName } from './executions.ts';

/** For whom the bot started an execution. People are Slack user ids. */
export interface Start {
  readonly requester: string;
  /** The requester, and the requesters of the requests that this execution resubmits. */
  readonly requesters: readonly string[];
  /** Slack user id of the person who typed the note in the input. */
  readonly noteBy?: string | undefined;
  /** How the request that this execution resubmits ended. */
  readonly previousAnswer?: PreviousAnswer | undefined;
  /** When the bot last tried to start the execution, ISO 8601. */
  readonly at: string;
}

export interface StartsTable {
  /**
   * Stores the record, and returns the stored requester. If the bot stored a record before, for a start that may have
   * failed, the first requester stays, and the others are added to `requesters`.
   */
  record(executionArn: string, start: Start, input: object): Promise<string>;
  /**
   * Undefined if the bot did not start the execution. Somebody else may start an execution of the same name with another
   * input, so the record counts only for the input with which the bot started it.
   */
  get(executionArn: string, described: Pick<Described, 'startedAt' | 'input'>): Promise<Start | undefined>;
  /**
   * Counts one start by this person. Returns false, and counts nothing, if the person has started `max` executions in
   * this hour (UTC).
   */
  count(person: string, max: number, now: Date): Promise<boolean>;
}

/**
 * Longer than an execution can run, which is a year:
 * https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
 */
const START_TTL_SECONDS = 400 * 24 * 60 * 60;

/** Counts are kept for two hours. */
const COUNT_TTL_SECONDS = 2 * 60 * 60;

/**
 * The bot starts an execution right after it stores the record. The name of an execution may be used again 90 days after
 * its end, so an old record does not belong to an execution that started much later:
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
 */
const MAX_START_DELAY_MS = 10 * 60_000;

export function startsTable(client: DynamoDBClient, table: string): StartsTable {
  return {
    async record(executionArn, { requester, requesters, noteBy, previousAnswer, at }, input) {
      const values = {
        ':requester': requester,
        ':requesters': new Set(requesters),
        ':noteBy': noteBy ?? requester,
        ':previous': previousAnswer ?? null,
        ':at': at,
        ':input': inputDigest(input),
        ':expires': Math.floor(Date.parse(at) / 1_000) + START_TTL_SECONDS,
      };
      const { Attributes = {} } = await client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: keyOf(executionArn),
          UpdateExpression:
            'SET requester = if_not_exists(requester, :requester), noteBy = if_not_exists(noteBy, :noteBy), ' +
            'previousAnswer = if_not_exists(previousAnswer, :previous), ' +
            'inputDigest = if_not_exists(inputDigest, :input), startedAt = :at, expiresAt = :expires ' +
            'ADD requesters :requesters',
          ExpressionAttributeValues: marshall(values, { removeUndefinedValues: true }),
          ReturnValues: 'UPDATED_NEW',
        }),
      );
      return unmarshall(Attributes)['requester'];
    },

    async get(executionArn, { startedAt, input }) {
      const { Item } = await client.send(
        new GetItemCommand({ TableName: table, Key: keyOf(executionArn), ConsistentRead: true }),
      );
      if (!Item || startedAt === undefined) return undefined;
      const { requester, requesters, noteBy, previousAnswer, startedAt: at, ...stored } = unmarshall(Item);
      if (stored['inputDigest'] !== inputDigest(input)) return undefined;
      if (Math.abs(Date.parse(startedAt) - Date.parse(at)) > MAX_START_DELAY_MS) return undefined;
      return {
        requester,
        requesters: [...requesters],
        noteBy,
        previousAnswer: previousAnswer ?? undefined,
        at,
      };
    },

    async count(person, max, now) {
      const hour = now.toISOString().slice(0, 13);
      const update = new UpdateItemCommand({
        TableName: table,
        Key: marshall({ execution: STARTS, id: `${person} ${hour}` }),
        UpdateExpression: 'SET expiresAt = :expires ADD started :one',
        ConditionExpression: 'attribute_not_exists(started) OR started < :max',
        ExpressionAttributeValues: marshall({
          ':one': 1,
          ':max': max,
          ':expires': Math.floor(now.getTime() / 1_000) + COUNT_TTL_SECONDS,
        }),
      });
      return (await undefinedIfConditionFailed(client.send(update))) !== undefined;
    },
  };
}

function inputDigest(input: object): string {
  return sha256(sortedJson(input));
}

/** No execution has this name: Step Functions allows no colon in a name. */
const STARTS = ':starts';

/** Contains a digest of the ARN, because two state machines may have executions of the same name. */
function keyOf(executionArn: string) {
  return marshall({ execution: executionName(executionArn), id: `start-${digest(executionArn)}` });
}
