// Which messages of a batch are done, by the answer of the function that got them. The queues delete those, the
// others become visible again.
// The rules: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
import { isList, isObject, tryParse, type Json } from './json.ts';
import type { Outcome } from './lambda-messages.ts';
import type { Message } from './state.ts';

export function processedMessages(
  outcome: Outcome,
  batch: readonly Message[],
  reportsFailures: boolean,
): readonly string[] {
  const all = batch.map(({ id }) => id);
  if (!outcome.ok) return [];
  if (!reportsFailures) return all;
  const failed = failedMessages(tryParse(outcome.payload));
  if (!failed || failed.some((id) => !all.includes(id))) return [];
  return all.filter((id) => !failed.includes(id));
}

/** The ids reported as failed, or undefined if the answer is malformed, which fails the whole batch. */
function failedMessages(answer: Json | undefined): readonly string[] | undefined {
  if (answer === null) return [];
  if (!isObject(answer)) return undefined;
  const failures = answer['batchItemFailures'] ?? [];
  if (!isList(failures)) return undefined;
  const ids = failures.map((failure) => (isObject(failure) ? failure['itemIdentifier'] : undefined));
  return ids.every((id): id is string => typeof id === 'string') ? ids : undefined;
}
