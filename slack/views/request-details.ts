// The details of a request: facts, reason, note, and the answer to an earlier request. The message shows them, and Home
// shows them next to its buttons.
import type { Approval } from '../../domain/approval.ts';
import type { Fact, Request } from '../../domain/request.ts';
import { claimedRequester } from '../../domain/requesters.ts';
import { truncate } from './limits.ts';
import { mention, escapeMrkdwn, quotation, time } from './mrkdwn.ts';

/** At most 2,500 characters, so that the text and who started the execution fit into one section. Facts are cut first. */
export function factsAndReason({ facts, reason }: Request): string {
  const end = truncate(escapeMrkdwn(reason), MAX_DETAILS / 2);
  const start = truncate(facts.map(factLine).join(' · '), MAX_DETAILS - end.length);
  return [start, end].filter(Boolean).join(' · ');
}

const MAX_DETAILS = 2_500;

/** The note with the name of the person who typed it, so that people do not read it as the note of an approver. */
export function note({ request, noteBy }: Approval): readonly string[] {
  const { note: text } = request;
  if (!text) return [];
  return [`${noteBy ? mention(noteBy) : 'Note'}: ${escapeMrkdwn(text).replaceAll(/\s+/g, ' ')}`];
}

/** Who started the execution. A name in the input of an execution is shown as what it is: not verified. */
export function startedBy(approval: Approval): string {
  if (approval.requester) return `Requested by ${mention(approval.requester)}`;
  const claimed = claimedRequester(approval);
  return claimed ? `Started via AWS, which names ${mention(claimed)} (not verified)` : 'Started via AWS';
}

export function previousAnswerLine({ previousAnswer }: Approval): readonly string[] {
  if (!previousAnswer) return [];
  const { outcome, by, reason } = previousAnswer;
  const quotedReason = reason ? `: ${quotation(reason)}` : '';
  return [
    outcome === 'declined'
      ? `Asked again; declined before by ${by ? mention(by) : 'somebody'}${quotedReason}`
      : 'Asked again; it expired before.',
  ];
}

function factLine({ label, value, at }: Fact): string {
  return `${escapeMrkdwn(label)} ${escapeMrkdwn(value)}${at ? ` (${time(at)})` : ''}`;
}
