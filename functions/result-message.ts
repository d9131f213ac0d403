// Parses the messages that workflows publish on the results topic. relay-result calls it.
import * as v from 'valibot';
import type { Result } from '../domain/approval.ts';
import { parse } from './parse.ts';

const label = v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(40));
const emoji = v.pipe(v.string(), v.regex(/^:[a-z0-9_+-]+:$/));

/** Times are compared and sorted as text, so all are stored in one format. */
const timestamp = v.pipe(
  v.string(),
  v.isoTimestamp(),
  v.transform((value) => new Date(value).toISOString()),
);

/** Contains a result, or the decision that ended the execution. A decision takes precedence. */
const resultMessage = v.object({
  ExecutionId: v.pipe(v.string(), v.startsWith('arn:')),
  /** When the execution ended. Absent if a state published the message; relay-result then uses its arrival. */
  EndedAt: v.optional(timestamp),
  IsArrivalTime: v.optional(v.boolean()),
  Input: v.union([
    v.pipe(
      v.object({ approval: v.object({ outcome: v.picklist(['declined', 'expired']) }) }),
      v.transform(({ approval }): Result => approval),
    ),
    v.pipe(
      v.object({
        result: v.object({
          outcome: v.picklist(['done', 'failed', 'cancelled']),
          // An invalid label or emoji is dropped, because the result must still be shown.
          label: v.fallback(v.optional(label), undefined),
          emoji: v.fallback(v.optional(emoji), undefined),
          text: v.optional(v.string()),
          unsure: v.optional(v.boolean()),
        }),
      }),
      v.transform(({ result }): Result => result),
    ),
  ]),
});

export interface ResultMessage {
  readonly executionArn: string;
  readonly result: Result;
  /** When the execution ended, ISO 8601. Undefined if the message does not say. */
  readonly endedAt: string | undefined;
  /** True if an earlier message of this result did not say when the execution ended, and `endedAt` is its arrival. */
  readonly isArrivalTime: boolean;
}

/** Throws `InvalidInput` with the name of the first invalid field. */
export function readResultMessage(body: unknown): ResultMessage {
  const { ExecutionId, Input: result, EndedAt: endedAt, IsArrivalTime } = parse(resultMessage, body);
  return { executionArn: ExecutionId, result, endedAt, isArrivalTime: IsArrivalTime ?? false };
}

/** The `ExecutionId` of a message, even if the rest is invalid. Undefined if there is no `ExecutionId`. */
export function executionIn(body: unknown): string | undefined {
  const read = v.safeParse(v.object({ ExecutionId: v.string() }), body);
  return read.success ? read.output.ExecutionId : undefined;
}
