// Where an approval stands, in a sign, a word and a sentence: the word and the sentence say it all, the sign only
// helps the eye. The message opens with it; the answer to a press that came too late repeats it.
import type { Approval, Decision, Result } from '../../domain/approval.ts';
import { dayAndTime, formatList, mention, escapeMrkdwn, quotation } from './mrkdwn.ts';
import { asked, inOrder, voter } from './pending-text.ts';

export interface StatusText {
  readonly sign: string;
  readonly word: string;
  readonly sentence: string;
}

export function statusText(approval: Approval): StatusText {
  const { sign, word } = lookOf(approval);
  return { sign, word, sentence: [...told(approval, word), ...resubmittedAnswer(approval)].join(' ') };
}

const looks = {
  pending: { sign: ':hourglass_flowing_sand:', word: 'To decide' },
  approved: { sign: ':white_check_mark:', word: 'Approved' },
  declined: { sign: ':x:', word: 'Declined' },
  expired: { sign: ':alarm_clock:', word: 'Expired' },
  failed: { sign: ':warning:', word: 'Failed' },
  unclear: { sign: ':warning:', word: 'Unclear' },
  cancelled: { sign: ':no_entry:', word: 'Cancelled' },
} as const;

function lookOf(approval: Approval): Omit<StatusText, 'sentence'> {
  const { status, result } = approval;
  if (result?.outcome === 'failed') return looks[unclear(approval) ? 'unclear' : 'failed'];
  return status === 'approved' && result?.outcome === 'done' ? doneLook(result) : looks[status];
}

/** What is done is called as the workflow calls it. */
export function doneLook({
  label = 'Done',
  emoji = looks.approved.sign,
}: Result): Omit<StatusText, 'sentence'> {
  return { sign: emoji, word: escapeMrkdwn(label) };
}

function told(approval: Approval, word: string): readonly string[] {
  const { status, decision, result, cancellation } = approval;
  if (status === 'pending') return asked(approval);
  if (status === 'cancelled' && cancellation) return [cancelledBy(cancellation)];
  const decided = decision ? [decisionSentence(approval, decision, word)] : [];
  if (status === 'expired')
    return decision ? [...decided, TOO_LATE] : [expired(approval), 'Nothing was done.'];
  if (status === 'declined' && decision?.outcome !== 'declined')
    return ['That was outside Slack. Nothing was done.'];
  const outcome = result?.text ? [escapeMrkdwn(result.text)] : [];
  const before = decision ? decided : ['The execution ended before anybody decided.'];
  return [...before, ...outcome, ...doubt(approval)];
}

/** Where something approved broke off, nobody is told that it was not done. */
export function doubt(approval: Approval): readonly string[] {
  return unclear(approval) ? ['It may have been done all the same: check before you start a new one.'] : [];
}

/** Something approved broke off in a way that does not tell whether it had been done. */
export function unclear({ decision, result }: Approval): boolean {
  return decision?.outcome === 'approved' && result?.unsure === true;
}

const TOO_LATE = 'That was too late; nothing was done.';

function cancelledBy({ by, at, reason }: NonNullable<Approval['cancellation']>): string {
  return `By ${mention(by)} ${dayAndTime(at)}${why(reason)} Its execution was stopped; nothing was done.`;
}

/** The end of a sentence: the reason, where one was given, and a full stop where it brings none. */
function why(reason: string | undefined): string {
  if (!reason) return '.';
  return `: ${quotation(reason)}${/[.!?…]\s*$/.test(reason) ? '' : '.'}`;
}

/** @param said the word that stands before it already: it is not said twice */
function decisionSentence(approval: Approval, { outcome, by, at, reason }: Decision, said: string): string {
  if (outcome === 'approved') {
    return `${said === 'Approved' ? 'By' : 'Approved by'} ${approvers(approval)}.`;
  }
  const word =
    by === approval.request.requester ? 'Withdrawn by' : said === 'Declined' ? 'By' : 'Declined by';
  return `${word} ${mention(by)} ${dayAndTime(at)}${why(reason)}`;
}

/** Who approved and when. */
function approvers(approval: Approval): string {
  return formatList(
    inOrder(approval.votes).map(([id, { at }]) => `${voter(id, approval)} ${dayAndTime(at)}`),
    'and',
  );
}

function expired(approval: Approval): string {
  const some = Object.keys(approval.votes).length > 0;
  return `${inTime(approval)}${some ? `: ${approvers(approval)}` : ''}.`;
}

/** How far it came, where nothing was decided in time. */
export function inTime({ policy, votes }: Approval): string {
  const given = Object.keys(votes).length;
  return given === 0 ? 'Nobody decided in time' : `Only ${given} of ${policy.approvals} approved in time`;
}

function resubmittedAnswer({ resubmitted }: Approval): readonly string[] {
  if (!resubmitted) return [];
  const how = resubmitted.by ? `again by ${mention(resubmitted.by)}` : 'anew, as its execution was redriven,';
  return [`Asked ${how} ${dayAndTime(resubmitted.at)}.`];
}
