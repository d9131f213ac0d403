// The status of an approval: an emoji, a label and a sentence. The message, Home, the lists and the answers to refused
// votes show it. The label and the sentence are complete without the emoji.
import type { Approval, Decision, Result } from '../../domain/approval.ts';
import { time, formatList, mention, escapeMrkdwn, quotation } from './mrkdwn.ts';
import { pendingSentences, voterMention, votesByTime } from './pending-text.ts';

export interface StatusText {
  readonly emoji: string;
  readonly label: string;
  readonly sentence: string;
}

export function statusText(approval: Approval): StatusText {
  const { emoji, label } = statusOf(approval);
  return {
    emoji,
    label,
    sentence: [...sentences(approval), ...resubmittedSentence(approval)].join(' '),
  };
}

const statuses = {
  pending: { emoji: ':hourglass_flowing_sand:', label: 'Pending' },
  approved: { emoji: ':white_check_mark:', label: 'Approved' },
  declined: { emoji: ':x:', label: 'Declined' },
  withdrawn: { emoji: ':leftwards_arrow_with_hook:', label: 'Withdrawn' },
  expired: { emoji: ':alarm_clock:', label: 'Expired' },
  failed: { emoji: ':warning:', label: 'Failed' },
  unclear: { emoji: ':warning:', label: 'Unclear' },
  cancelled: { emoji: ':no_entry:', label: 'Cancelled' },
  partly: { emoji: ':large_orange_circle:', label: 'Partly done' },
  unfilled: { emoji: ':white_circle:', label: 'Not done' },
  halted: { emoji: ':octagonal_sign:', label: 'Halted' },
  refused: { emoji: ':no_entry_sign:', label: 'Refused' },
} as const;

function statusOf(approval: Approval): Omit<StatusText, 'sentence'> {
  const { status, result } = approval;
  if (result?.outcome === 'failed') return statuses[isOutcomeUnknown(approval) ? 'unclear' : 'failed'];
  if (result?.outcome === 'halted' && status !== 'declined') return statuses.halted;
  if (result?.outcome === 'refused') return statuses.refused;
  if (status === 'declined' && isWithdrawn(approval)) return statuses.withdrawn;
  return status === 'approved' && result ? endStatus(result) : statuses[status];
}

/** Whether the requester declined. */
function isWithdrawn({ decision, requester }: Approval): boolean {
  return decision?.outcome === 'declined' && decision.by === requester;
}

/** The emoji and the label of a result, of which the approval says more. */
export function resultStatus(result: Result, approval: Approval | undefined): Omit<StatusText, 'sentence'> {
  const withdrawn = result.outcome === 'declined' && approval && isWithdrawn(approval);
  return withdrawn ? statuses.withdrawn : endStatus(result);
}

/** The emoji and the label of a result. The workflow may choose those of `done`, `partly` and `unfilled`. */
export function endStatus({ outcome, label, emoji }: Result): Omit<StatusText, 'sentence'> {
  if (outcome !== 'done' && outcome !== 'partly' && outcome !== 'unfilled') return statuses[outcome];
  const own = outcome === 'done' ? { emoji: statuses.approved.emoji, label: 'Done' } : statuses[outcome];
  return { emoji: emoji ?? own.emoji, label: escapeMrkdwn(label ?? own.label) };
}

function sentences(approval: Approval): readonly string[] {
  const { status, decision, result, cancellation } = approval;
  if (status === 'pending') return pendingSentences(approval);
  if (status === 'cancelled' && cancellation) return [cancelledBy(cancellation)];
  const decided = decision ? [decisionSentence(approval, decision)] : [];
  if (status === 'expired')
    return decision ? [...decided, TOO_LATE] : [expired(approval), 'Nothing was done.'];
  if (status === 'declined' && decision?.outcome !== 'declined')
    return ['That was outside Slack. Nothing was done.'];
  if (status === 'approved' && !result) return [...decided, 'No result yet.'];
  const outcome = result ? endSentences(result) : [];
  const undecided = outcome.length > 0 ? [] : ['The execution ended before anybody decided.'];
  const untouched = status === 'declined' && result?.outcome !== 'failed' ? ['Nothing was done.'] : [];
  return [...(decision ? decided : undecided), ...outcome, ...untouched, ...unknownOutcomeWarning(approval)];
}

/** What happened at the end, in the words of the workflow and in those that its outcome needs. */
export function endSentences({ outcome, text }: Result): readonly string[] {
  const own = text ? [escapeMrkdwn(text)] : [];
  if (outcome === 'unfilled') return [...own, 'Nothing was done.'];
  if (outcome === 'halted') return ['The workflow was halted.', ...own];
  return outcome === 'refused' ? [...own, 'Nobody was asked, and nothing was done.'] : own;
}

/** A warning if the execution failed after the approval, but the approved action may have been carried out. */
export function unknownOutcomeWarning(approval: Approval): readonly string[] {
  return isOutcomeUnknown(approval)
    ? ['Nobody knows whether it was done: check before anybody requests it again.']
    : [];
}

/** Whether the execution ended after the approval, and it is unknown whether the approved action was carried out. */
export function isOutcomeUnknown({ decision, result }: Approval): boolean {
  return decision?.outcome === 'approved' && result?.unsure === true;
}

const TOO_LATE = 'That was too late; nothing was done.';

function cancelledBy({ by, at, reason }: NonNullable<Approval['cancellation']>): string {
  return `Cancelled by ${mention(by)} at ${time(at)}${reasonEnding(reason)} Its execution was stopped; nothing was done.`;
}

/**
 * The end of a sentence: the reason, if there is one, and a full stop unless the reason ends with a punctuation mark.
 */
function reasonEnding(reason: string | undefined): string {
  if (!reason) return '.';
  return `: ${quotation(reason)}${/[.!?…]\s*$/.test(reason) ? '' : '.'}`;
}

function decisionSentence(approval: Approval, { outcome, by, at, reason }: Decision): string {
  if (outcome === 'approved') return `Approved by ${approvers(approval)}.`;
  const verb = by === approval.requester ? 'Withdrawn' : 'Declined';
  return `${verb} by ${mention(by)} at ${time(at)}${reasonEnding(reason)}`;
}

/** The people who approved, with times. */
function approvers(approval: Approval): string {
  return formatList(
    votesByTime(approval.votes).map(([id, { at }]) => `${voterMention(id, approval)} at ${time(at)}`),
    'and',
  );
}

function expired(approval: Approval): string {
  const hasVotes = Object.keys(approval.votes).length > 0;
  return `${missedDeadline(approval)}${hasVotes ? `: ${approvers(approval)}` : ''}.`;
}

/** Why the request expired: nobody voted, or too few people approved. */
export function missedDeadline({ policy, votes }: Approval): string {
  const count = Object.keys(votes).length;
  return count === 0 ? 'Nobody decided in time' : `Only ${count} of ${policy.approvals} approved in time`;
}

function resubmittedSentence({ resubmitted }: Approval): readonly string[] {
  if (!resubmitted) return [];
  const how = resubmitted.by ? ` by ${mention(resubmitted.by)}` : ', because its execution was redriven,';
  return [`Resubmitted${how} at ${time(resubmitted.at)}.`];
}
