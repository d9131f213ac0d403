// The message that a workflow publishes on the results topic, parsed. relay-result reads it.
import * as v from 'valibot';
import type { Result } from '../domain/approval.ts';
import { parse, slackUser } from './parse.ts';

const label = v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(40));
const emoji = v.pipe(v.string(), v.regex(/^:[a-z0-9_+-]+:$/));

/** A result that a state or report-failure wrote, or the decision that ended the execution. A decision takes precedence. */
const resultMessage = v.object({
  ExecutionId: v.pipe(v.string(), v.startsWith('arn:')),
  /** When the execution ended. A state that publishes its own result does it at once, and leaves this out. */
  EndedAt: v.optional(v.pipe(v.string(), v.isoTimestamp())),
  Input: v.union([
    v.pipe(
      v.object({ approval: v.object({ outcome: v.picklist(['declined', 'expired']) }) }),
      v.transform(({ approval }): Result => approval),
    ),
    v.pipe(
      v.object({
        result: v.object({
          outcome: v.picklist(['done', 'failed', 'cancelled']),
          // A bad label or emoji is left out: the result matters more than its looks.
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

const startedBy = v.object({
  Input: v.object({ requestedBy: v.fallback(v.optional(slackUser), undefined) }),
});

export interface ResultMessage {
  readonly executionArn: string;
  readonly result: Result;
  /** ISO 8601. */
  readonly endedAt: string | undefined;
  /** Slack user id, where a person in Slack started the execution. */
  readonly startedBy: string | undefined;
}

/** Throws `InvalidInput` naming the first member that cannot be read. */
export function readResultMessage(body: unknown): ResultMessage {
  const { ExecutionId: executionArn, Input: result, EndedAt: endedAt } = parse(resultMessage, body);
  return { executionArn, result, endedAt, startedBy: parse(startedBy, body).Input.requestedBy };
}

/** The execution that any message claims to be about. Undefined if it names none. */
export function executionIn(body: unknown): string | undefined {
  const read = v.safeParse(v.object({ ExecutionId: v.string() }), body);
  return read.success ? read.output.ExecutionId : undefined;
}
