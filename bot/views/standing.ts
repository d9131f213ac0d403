// Where an approval stands, in a sign, a word and a sentence: the word and the sentence say it all, the sign only
// helps the eye. The message opens with it; the answer to a press that came too late quotes it.
import type { Approval, Decision } from '../../domain/approval.ts';
import { mayStillApprove, nobodyCanApprove } from '../../domain/votes.ts';
import { dayAndTime, listed, mention, plain, time } from './mrkdwn.ts';

export interface Standing {
  readonly sign: string;
  readonly word: string;
  readonly sentence: string;
}

export function standing(approval: Approval): Standing {
  const { sign, word } = looks[lookOf(approval)];
  return { sign, word, sentence: [...told(approval, word), ...askedAgain(approval)].join(' ') };
}

const looks = {
  pending: { sign: ':hourglass_flowing_sand:', word: 'To decide' },
  approved: { sign: ':white_check_mark:', word: 'Approved' },
  filled: { sign: ':chart_with_upwards_trend:', word: 'Filled' },
  declined: { sign: ':x:', word: 'Declined' },
  expired: { sign: ':alarm_clock:', word: 'Expired' },
  failed: { sign: ':warning:', word: 'Failed' },
  unclear: { sign: ':warning:', word: 'Unclear' },
  cancelled: { sign: ':no_entry:', word: 'Cancelled' },
} as const;

function lookOf(approval: Approval): keyof typeof looks {
  const { status, result } = approval;
  if (result?.outcome === 'failed') return unclear(approval) ? 'unclear' : 'failed';
  return status === 'approved' && result?.outcome === 'filled' ? 'filled' : status;
}

function told(approval: Approval, word: string): readonly string[] {
  const { status, decision, result } = approval;
  if (status === 'pending') return [asked(approval), ...hopeless(approval)];
  const decided = decision ? [decisionSentence(approval, decision, word)] : [];
  if (status === 'expired')
    return decision ? [...decided, TOO_LATE] : ['Nobody decided in time. Nothing was done.'];
  if (status === 'declined' && decision?.outcome !== 'declined')
    return ['That was outside Slack. Nothing was done.'];
  const outcome = result?.text ? [plain(result.text)] : [];
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

/** @param said the word that stands before it already: it is not said twice */
function decisionSentence(
  { votes, request }: Approval,
  { outcome, by, at, reason }: Decision,
  said: string,
): string {
  if (outcome === 'approved') {
    const all = Object.entries(votes).toSorted(([, one], [, other]) => one.at.localeCompare(other.at));
    const people = all.map(([id, vote]) => `${mention(id)} ${dayAndTime(vote.at)}`);
    return `${said === 'Approved' ? 'By' : 'Approved by'} ${listed(people, 'and')}.`;
  }
  const why = reason ? `: “${plain(reason).replaceAll(/\s+/g, ' ')}”` : '.';
  const word = by === request.requester ? 'Withdrawn by' : said === 'Declined' ? 'By' : 'Declined by';
  return `${word} ${mention(by)} ${dayAndTime(at)}${why}`;
}

/** The day is said where it may be another. */
function deadline({ askedAt, deadline: at }: Approval): string {
  return Date.parse(at) - Date.parse(askedAt) < HALF_A_DAY ? time(at) : dayAndTime(at);
}

const HALF_A_DAY = 12 * 60 * 60 * 1_000;

/** Who is asked, until when; and where it takes more than one, how far it is. */
function asked(approval: Approval): string {
  const { policy, votes, request } = approval;
  const people = policy.approvers.filter((id) => id !== request.requester).map(mention);
  if (policy.approvals === 1) return `${people.join(' ')}, decide by ${deadline(approval)}.`;
  const given = Object.entries(votes).map(([id, { at }]) => `${mention(id)} approved ${time(at)}`);
  if (given.length === 0)
    return `${people.join(' ')}, ${policy.approvals} of you must approve by ${deadline(approval)}.`;
  const left = listed(mayStillApprove(approval).map(mention), 'or');
  return `${given.length} of ${policy.approvals}: ${given.join(', ')}. ${left} may still approve, until ${deadline(approval)}.`;
}

function hopeless(approval: Approval): readonly string[] {
  if (!nobodyCanApprove(approval)) return [];
  return [
    'As things are, nobody can approve this: too few of its approvers are there. It can be declined, or expires.',
  ];
}

function askedAgain({ again }: Approval): readonly string[] {
  if (!again) return [];
  const how = again.by ? `again by ${mention(again.by)}` : 'anew, as its execution was redriven,';
  return [`Asked ${how} ${dayAndTime(again.at)}.`];
}
