// A distributed rate limiter: one item of the approvals table for each limit stores the time of its next slot, and one
// conditional write reserves a slot. Queue handlers and the reconciler call it. The algorithm is GCRA:
// https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm
import { type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { undefinedIfConditionFailed } from './approval-items.ts';

export interface RateLimit {
  readonly name: string;
  /** Time between two slots. */
  readonly intervalMs: number;
  /** Number of slots that are available at once after an idle time. */
  readonly burst: number;
}

/** The limit of one kind of call. Several kinds have `within` in common, and each gets as much of it as it needs. */
export interface SharedLimit extends RateLimit {
  /** The limit of all kinds together. A call needs a slot of this limit and of its own. */
  readonly within: RateLimit;
  /** If set, this kind gives way to the others: it calls only if `within` or `guaranteed` has a free slot now. */
  readonly guaranteed?: RateLimit;
}

export interface RateLimiter {
  /** Reserves the next slot and returns its time: now or later. */
  reserve(limit: RateLimit, now: Date): Promise<Date>;
  /** Reserves a slot if one is free now. Returns false if none is free. */
  tryReserve(limit: RateLimit, now: Date): Promise<boolean>;
  /** Gives no slot before this time, and no burst right after it. Called when Slack reports a rate limit. */
  pauseUntil(limit: RateLimit, until: Date): Promise<void>;
}

const IDLE = 'attribute_not_exists(#next) OR #next <= :now';

export function rateLimiterTable(client: DynamoDBClient, table: string): RateLimiter {
  const write = (name: string, change: string, condition: string, values: Readonly<Record<string, number>>) =>
    undefinedIfConditionFailed(
      client.send(
        new UpdateItemCommand({
          TableName: table,
          // No execution is named `:rate-limits`: Step Functions allows no colon in a name.
          Key: marshall({ execution: ':rate-limits', id: `limit-${name}` }),
          UpdateExpression: change,
          ConditionExpression: condition,
          ExpressionAttributeNames: { '#next': 'next' },
          ExpressionAttributeValues: marshall(values),
          ReturnValues: 'UPDATED_OLD',
        }),
      ),
    );
  const takeIdle = (name: string, intervalMs: number, time: number) =>
    write(name, 'SET #next = :after', IDLE, { ':now': time, ':after': time + intervalMs });

  return {
    async reserve({ name, intervalMs, burst }, now) {
      const time = now.getTime();
      if (await takeIdle(name, intervalMs, time)) return now;
      const values = { ':now': time, ':interval': intervalMs };
      const reserved = await write(name, 'SET #next = #next + :interval', '#next > :now', values);
      if (!reserved) throw new Error(`The item of the rate limit ${name} was deleted.`);
      // The burst allows the slot `burst - 1` intervals before `next`, but not before now.
      const slot = unmarshall(reserved.Attributes ?? {})['next'] - intervalMs * (burst - 1);
      return new Date(Math.max(slot, time));
    },

    async tryReserve({ name, intervalMs, burst }, now) {
      const time = now.getTime();
      if (await takeIdle(name, intervalMs, time)) return true;
      const latest = time + intervalMs * (burst - 1);
      const values = { ':now': time, ':latest': latest, ':interval': intervalMs };
      const free = '#next > :now AND #next <= :latest';
      return (await write(name, 'SET #next = #next + :interval', free, values)) !== undefined;
    },

    async pauseUntil({ name, intervalMs, burst }, until) {
      const next = until.getTime() + intervalMs * (burst - 1);
      const isEarlier = 'attribute_not_exists(#next) OR #next < :next';
      await write(name, 'SET #next = :next', isEarlier, { ':next': next });
    },
  };
}
