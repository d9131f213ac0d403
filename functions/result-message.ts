// Parses the messages that workflows publish on the results topic. relay-result calls it.
import * as v from 'valibot';
import type { Amended } from '../domain/amendment.ts';
import { RESULT_OUTCOMES } from '../domain/outcomes.ts';
import type { ProgressReport, Result } from '../domain/approval.ts';
import { limits } from '../slack/views/limits.ts';
import { removeDirections } from '../slack/views/mrkdwn.ts';
import { ownActions } from '../slack/views/own-actions.ts';
import { messageOf } from './failure-cause.ts';
import { InvalidInput, parse } from './parse.ts';
import { amendedRequest } from './request-message.ts';

const label = v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(40));
/** Bytes of JSON. The input is stored with the approval. */
const MAX_RESUBMISSION = 4_096;

const resubmit = v.object({
  label: v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(limits.buttonLabel)),
  input: v.pipe(
    v.looseObject({}),
    v.check((input) => Buffer.byteLength(JSON.stringify(input)) <= MAX_RESUBMISSION),
  ),
});

const emoji = v.pipe(v.string(), v.regex(/^:[a-z0-9_+-]+:$/));

/** Times are compared and sorted as text, so all are stored in one format. */
const timestamp = v.pipe(
  v.string(),
  v.isoTimestamp('must be a time in ISO 8601, such as 2026-11-02T10:00:00Z'),
  v.check((value) => !Number.isNaN(Date.parse(value)), 'must be a time that exists'),
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
          outcome: v.picklist(RESULT_OUTCOMES),
          // An invalid label, emoji or resubmission is dropped, because the result must still be shown.
          label: v.fallback(v.optional(label), undefined),
          emoji: v.fallback(v.optional(emoji), undefined),
          // A state that catches an error can pass its cause on.
          text: v.optional(v.pipe(v.string(), v.transform(messageOf))),
          unsure: v.optional(v.boolean()),
          resubmit: v.fallback(v.optional(resubmit), undefined),
        }),
      }),
      v.transform(({ result: { resubmit: again, ...result } }): Result => {
        return result.outcome === 'unfilled' && again ? { ...result, resubmit: again } : result;
      }),
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

const amendment = v.object({
  id: v.optional(v.string()),
  expectedDigest: v.pipe(
    v.string(),
    v.regex(/^[0-9a-f]{64}$/, 'must be the SHA-256 of the terms as 64 characters of 0-9a-f'),
  ),
  request: amendedRequest,
});

export interface AmendmentMessage extends Amended {
  /** Id of the approval. Undefined for the only pending approval of the execution. */
  readonly id: string | undefined;
  readonly expectedDigest: string;
}

/** Returns the amendment, or which field is invalid, as a sentence that does not contain the value. */
export function readAmendment(
  value: unknown,
): AmendmentMessage | { readonly id: string | undefined; readonly invalid: string } {
  try {
    const { request, ...read } = parse(amendment, value);
    const { terms, ...asked } = request;
    return { id: read.id, expectedDigest: read.expectedDigest, request: asked, terms };
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    const named = v.safeParse(v.object({ id: v.string() }), value);
    return { id: named.success ? named.output.id : undefined, invalid: error.message };
  }
}

/** Characters. People read progress on a phone. */
const MAX_PROGRESS = 500;

/** Text for an element of plain text, which Slack refuses if it is blank. */
const plainText = (maxLength: number) =>
  v.pipe(
    v.string(),
    v.trim(),
    v.check((value) => removeDirections(value).trim() !== '', 'must not be empty'),
    v.maxLength(maxLength, `must be at most ${maxLength} characters`),
  );

const progressButton = v.object({
  label: plainText(limits.buttonLabel),
  action: v.pipe(
    v.string(),
    v.regex(/^[a-z0-9-]{1,100}$/, 'must be at most 100 characters of a-z, 0-9 and -'),
    v.check((action) => !ownActions.includes(action), 'must not be an action of the bot of approvals'),
  ),
  confirm: v.optional(plainText(limits.confirmText)),
});

const progressMessage = v.object({
  At: v.optional(timestamp),
  Input: v.object({
    progress: v.object({
      text: v.pipe(
        v.string(),
        v.trim(),
        v.nonEmpty('must not be empty'),
        v.maxLength(MAX_PROGRESS, `must be at most ${MAX_PROGRESS} characters`),
      ),
      emoji: v.fallback(v.optional(emoji), undefined),
      button: v.optional(progressButton),
    }),
  }),
});

/**
 * Returns the progress, or which field is invalid.
 * @param arrivedAt when the queue got the message. Progress has this time if it has none of its own, or a later one
 */
export function readProgress(body: unknown, arrivedAt: Date): ProgressReport | { readonly invalid: string } {
  try {
    const { At: at, Input } = parse(progressMessage, body);
    const { text, emoji: own = ':arrows_counterclockwise:', button } = Input.progress;
    const arrived = arrivedAt.toISOString();
    const time = at === undefined || at > arrived ? arrived : at;
    return { text, emoji: own, at: time, ...(button && { button }) };
  } catch (error) {
    if (error instanceof InvalidInput) return { invalid: error.message };
    throw error;
  }
}

/**
 * What a message is about. A workflow may publish its whole data, so a message with a result or a decision is a result,
 * whatever else it contains.
 */
export function updateIn(body: unknown): { readonly amendment: unknown } | 'progress' | undefined {
  const read = v.safeParse(v.object({ Input: v.record(v.string(), v.unknown()) }), body);
  if (!read.success || v.safeParse(resultMessage, body).success) return undefined;
  const { amendment: sent, progress, result } = read.output.Input;
  if (result !== undefined) return undefined;
  if (sent !== undefined) return { amendment: sent };
  return progress === undefined ? undefined : 'progress';
}

/** The `ExecutionId` of a message, even if the rest is invalid. Undefined if there is no `ExecutionId`. */
export function executionIn(body: unknown): string | undefined {
  const read = v.safeParse(v.object({ ExecutionId: v.string() }), body);
  return read.success ? read.output.ExecutionId : undefined;
}
