// Checks who heard of a request and of its result. In a normal world that is the thread. While Slack refuses messages in
// the channel, it is everybody concerned, by direct message. `invariants.ts` calls it.
import { completionsTable } from '../aws/completions-table.ts';
import type { Approval } from '../domain/approval.ts';
import type { EscalationStep } from '../domain/escalation-schedule.ts';
import type { Message } from '../local/slack/slack.ts';
import { METADATA_EVENT } from '../slack/views/approval-message.ts';
import { type Conditions, couldBeAsked, type World } from './conditions.ts';
import type { Harness } from './harness.ts';
import { type Violation, when } from './violation.ts';

const RESULT = 'countersign_result';

/** Messages with this metadata. */
function withMetadata(
  messages: readonly Message[],
  type: string,
  ids: readonly string[],
): readonly Message[] {
  return messages.filter(({ metadata }) => {
    const { id } = { id: '', ...metadata?.event_payload };
    return metadata?.event_type === type && ids.includes(id);
  });
}

/** The ids of the completions that ended the approval. A result that a state published has no time of its own. */
function completionIds({ dynamodb }: Harness, { executionArn, results = [] }: Approval): readonly string[] {
  const completions = completionsTable(dynamodb, '');
  return results.flatMap(({ outcome, at }) => [
    completions.idOf({ executionArn, outcome }),
    completions.idOf({ executionArn, outcome, at }),
  ]);
}

/**
 * The messages that tell the approval's result. A redriven execution can expire again, and the id of that completion is the
 * same: a reply to the message of its other request is not about this one.
 */
export function resultsAmong(
  messages: readonly Message[],
  harness: Harness,
  approval: Approval,
): readonly Message[] {
  const { execution, id } = approval;
  const others = messages.filter(({ metadata }) => {
    const { execution: name, id: own } = { execution: '', id: '', ...metadata?.event_payload };
    return metadata?.event_type === METADATA_EVENT && name === execution && own !== id;
  });
  const elsewhere = others.map(({ ts }) => ts);
  return withMetadata(messages, RESULT, completionIds(harness, approval)).filter(
    ({ threadTs = '' }) => !elsewhere.includes(threadTs),
  );
}

/** How many results people must hear: an execution that was redriven without a new request has one of each run. */
export function resultsOf({ results = [] }: Approval): number {
  return Math.max(1, results.length);
}

/** Everybody who may approve, except people whom the app cannot write to. */
function audience(
  { effectiveApprovers, requester }: Approval,
  { unreachable }: Conditions,
): readonly string[] {
  return effectiveApprovers.filter((person) => person !== requester && person !== unreachable);
}

/** Whether the policy names this person, so that the request did not have to escalate to them. */
function isFirstAsked(person: string, { policy }: Approval): boolean {
  return policy.approvers.some((each) => each === person || each.startsWith('S'));
}

/** Time within which the reconciler posts a reminder or escalation that was recorded but not posted. */
const MAX_RECOVERY_MS = 3 * 60_000;

/** Whether the step was recorded so early that it must have been posted. */
function mustBePosted({ escalationSteps, decision, deadline }: Approval, step: EscalationStep): boolean {
  const { at = deadline } = escalationSteps[step] ?? {};
  return Date.parse(decision?.at ?? deadline) - Date.parse(at) > MAX_RECOVERY_MS;
}

/**
 * A reminder or escalation is posted once: in the thread, or in the channel if the message was deleted, or to everybody
 * who may still approve if the channel is closed.
 */
export function checkStepHeard(
  { slack }: Harness,
  approval: Approval,
  step: EscalationStep,
  { conditions }: World,
): readonly Violation[] {
  const { execution, id, ts, votes } = approval;
  // People to whom the request escalated later were not reminded.
  const isConcerned = (person: string) => step === 'escalation' || isFirstAsked(person, approval);
  const about = (messages: readonly Message[]) =>
    withMetadata(messages, 'countersign_escalation_step', [`${id}-${step}`]);
  const sent = about(slack.messages()).filter(
    ({ threadTs }) => threadTs === ts || conditions.deleted.has(id),
  ).length;
  const direct = audience(approval, conditions)
    .filter(isConcerned)
    .map((person) => [person, about(slack.directMessages(person)).length] as const);
  const isDirect = sent === 0 && conditions.channelClosedAt !== undefined;
  return [
    ...when(sent > 1, 'doubled', `${execution}: the ${step} was posted ${sent} times`),
    ...when(
      sent === 0 && !isDirect && mustBePosted(approval, step),
      'lost',
      `${execution}: the ${step} was not posted`,
    ),
    ...direct.flatMap(([person, times]) => [
      ...when(
        times > (isDirect ? 1 : 0),
        'doubled',
        `${execution}: ${person} got the ${step} ${times} times`,
      ),
      ...when(
        times === 0 && isDirect && !(person in votes) && mustBePosted(approval, step),
        'silent',
        `${execution}: ${person} did not get the ${step}`,
      ),
    ]),
  ];
}

/** How often the reconciler may fail for a reason that only an operator can end. */
const MAX_FAILURES = 3;

/** The reconciler does not fail every minute while the channel is closed. */
export function checkReconciler({ conditions, logged }: World): readonly Violation[] {
  const failures = logged('approval_not_reconciled').length;
  return when(
    conditions.channelClosedAt !== undefined && failures > MAX_FAILURES,
    'stuck',
    `the reconciler failed ${failures} times`,
  );
}

/** The result is told once: in the thread, or in the channel if there is no thread, or to everybody directly. */
export function checkResultHeard(
  harness: Harness,
  approval: Approval,
  { conditions, logged }: World,
): readonly Violation[] {
  const { execution, id, ts } = approval;
  const { channelClosedAt, deleted } = conditions;
  const most = resultsOf(approval);
  const inChannel = resultsAmong(harness.slack.messages(), harness, approval);
  const misplaced = inChannel.filter(({ threadTs }) => threadTs !== ts && !deleted.has(id));
  const direct = audience(approval, conditions).map(
    (person) =>
      [person, resultsAmong(harness.slack.directMessages(person), harness, approval).length] as const,
  );
  const told = direct.filter(([, times]) => times > 0).map(([person]) => person);
  if (inChannel.length > 0 || channelClosedAt === undefined || direct.length === 0)
    return [
      ...when(inChannel.length === 0, 'silent', `${execution}: its result was not posted`),
      ...when(
        inChannel.length > most,
        'doubled',
        `${execution}: its result was posted ${inChannel.length} times`,
      ),
      ...when(misplaced.length > 0, 'untrue', `${execution}: its result is not in its thread`),
      ...when(
        told.length > 0 && inChannel.length >= most,
        'doubled',
        `${execution}: its result was posted, and sent to ${told.join(', ')}`,
      ),
    ];
  const alarms = logged('channel_unreachable').filter(
    (line) => line.includes(execution) && line.includes('"remedy"'),
  );
  return [
    ...direct.flatMap(([person, times]) => [
      ...when(times === 0, 'silent', `${execution}: ${person} did not hear the result`),
      ...when(times > most, 'doubled', `${execution}: ${person} heard the result ${times} times`),
    ]),
    ...when(alarms.length === 0, 'silent', `${execution}: no alarm says that the channel cannot be reached`),
  ];
}

/** If the request could not be posted, everybody concerned is asked by direct message. */
export function checkAskedDirectly(
  { slack }: Harness,
  approval: Approval,
  { conditions }: World,
): readonly Violation[] {
  const { execution, id, requester, cancellation } = approval;
  const { channelClosedAt } = conditions;
  if (channelClosedAt === undefined || couldBeAsked(approval, conditions) || cancellation) return [];
  const concerned = [...audience(approval, conditions), ...(requester ? [requester] : [])];
  return concerned.flatMap((person) => {
    const asked = withMetadata(slack.directMessages(person), 'countersign_unposted', [id]).length;
    return [
      // A person to whom it escalated right before the decision may not have been asked yet.
      ...when(
        asked === 0 && (isFirstAsked(person, approval) || mustBePosted(approval, 'escalation')),
        'silent',
        `${execution}: ${person} did not hear of the request`,
      ),
      ...when(asked > 1, 'doubled', `${execution}: ${person} heard of the request ${asked} times`),
    ];
  });
}
