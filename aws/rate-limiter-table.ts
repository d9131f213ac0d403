// Whose turn it is to call Slack, where Slack takes only so many calls a time: each lane has one item that says when the
// next turn is, beside the approvals. A turn is taken by one conditional write, in the order in which it is asked for.
import { type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { undefinedIfConditionFailed } from './approval-items.ts';

export interface Lane {
  readonly name: string;
  /** Milliseconds between two turns. */
  readonly step: number;
  /** So many turns may be taken at once after a quiet time. */
  readonly burst: number;
}

export interface Pace {
  /**
   * Takes the next turn and answers when it is: now or later. Undefined: it would be more than so many milliseconds away,
   * and was not taken.
   */
  turn(lane: Lane, now: Date, longest?: number): Promise<Date | undefined>;
  /** Slack wants no more until then: no turn is taken before, nor any at once after it. */
  holdBack(lane: Lane, until: Date): Promise<void>;
}

/** Two may take turns at the same moment; each write that is refused is another's turn. */
const TRIES = 20;

export function paceTable(client: DynamoDBClient, table: string): Pace {
  const write = (name: string, change: string, condition: string, values: Readonly<Record<string, number>>) =>
    undefinedIfConditionFailed(
      client.send(
        new UpdateItemCommand({
          TableName: table,
          // No execution has such a name: Step Functions allows no colon in one.
          Key: marshall({ execution: ':pace', id: `pace-${name}` }),
          UpdateExpression: change,
          ConditionExpression: condition,
          ExpressionAttributeNames: { '#next': 'next' },
          ExpressionAttributeValues: marshall(values),
          ReturnValues: 'UPDATED_OLD',
        }),
      ),
    );

  return {
    async turn({ name, step, burst }, now, longest = Infinity) {
      const time = now.getTime();
      // The item says when the next turn would be if nobody ever took one early.
      const early = step * (burst - 1);
      const latest = Math.min(time + longest + early, Number.MAX_SAFE_INTEGER);
      for (let tries = 0; tries < TRIES; tries += 1) {
        const idle = 'attribute_not_exists(#next) OR #next <= :now';
        if (await write(name, 'SET #next = :after', idle, { ':now': time, ':after': time + step }))
          return now;
        const busy = '#next > :now AND #next <= :latest';
        const values = { ':now': time, ':latest': latest, ':step': step };
        const taken = await write(name, 'SET #next = #next + :step', busy, values);
        if (taken) return turnAt(unmarshall(taken.Attributes ?? {})['next'], early, time);
        if (longest !== Infinity) return undefined;
      }
      throw new Error(`No turn in the lane ${name} after ${TRIES} tries.`);
    },

    async holdBack({ name, step, burst }, until) {
      const next = until.getTime() + step * (burst - 1);
      await write(name, 'SET #next = :next', 'attribute_not_exists(#next) OR #next < :next', {
        ':next': next,
      });
    },
  };
}

function turnAt(next: number, early: number, now: number): Date {
  return new Date(Math.max(next - early, now));
}
