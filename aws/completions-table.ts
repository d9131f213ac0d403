// Stores how executions ended, and which audiences were notified. relay-result records a completion before it notifies
// people. request-approval reads completions to recognize a request of an execution that has ended. Completions are
// items of the approvals table.
import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Result } from '../domain/approval.ts';
import { digest } from '../domain/digest.ts';
import { executionName } from './executions.ts';
import { type Notifications, notifications, recordSubject } from './notifications.ts';

export interface Completion {
  readonly executionArn: string;
  readonly outcome: Result['outcome'];
  /**
   * When the execution ended, ISO 8601. Undefined if unknown. A redriven execution may end more than once, and each end
   * is a separate completion.
   */
  readonly at?: string | undefined;
}

/** Each audience is notified of a completion once. Approvers are notified if the channel cannot be reached. */
export interface Completions extends Notifications<Completion> {
  /** Returns the unique id of the completion. */
  idOf(completion: Completion): string;
  /** Stores the completion, unless it is stored already. */
  record(completion: Completion, now: Date): Promise<void>;
  /**
   * Whether the execution ended at or after `time` (ISO 8601). Earlier ends do not count, because the execution may
   * have been redriven since.
   */
  endedSince(executionArn: string, time: string): Promise<boolean>;
}

const COMPLETION = 'completion-';

export function completionsTable(client: DynamoDBClient, table: string): Completions {
  return {
    ...notifications(client, table, keyOf),

    idOf: (completion) => idOf(completion),

    async record(completion, now) {
      const { executionArn, at = now.toISOString() } = completion;
      await recordSubject(client, table, { ...keyOf(completion), executionArn, at }, now);
    },

    async endedSince(executionArn, time) {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName: table,
          ConsistentRead: true,
          KeyConditionExpression: 'execution = :execution AND begins_with(id, :completion)',
          ExpressionAttributeValues: marshall({
            ':execution': executionName(executionArn),
            ':completion': COMPLETION,
          }),
        }),
      );
      return Items.map((item) => unmarshall(item)).some(
        (item) => item['executionArn'] === executionArn && item['at'] >= time,
      );
    },
  };
}

function keyOf(completion: Completion) {
  return { execution: executionName(completion.executionArn), id: idOf(completion) };
}

/** Contains a digest of the ARN, because two state machines may have executions of the same name. */
function idOf({ executionArn, outcome, at }: Completion): string {
  return `${COMPLETION}${outcome}-${digest(at ? `${executionArn} ${at}` : executionArn)}`;
}
