// The details of a request: facts, reason, note, and the answer to an earlier request. The message shows them, and Home
// shows them next to its buttons.
import type { Fact, Request } from '../../domain/request.ts';
import { mention, escapeMrkdwn, quotation, time } from './mrkdwn.ts';

export function factsAndReason({ facts, reason }: Request): string {
  return [...facts.map(factLine), escapeMrkdwn(reason)].join(' · ');
}

/** The note with the name of the requester, so that people do not read it as the note of an approver. */
export function note({ note: text, requester }: Request): readonly string[] {
  if (!text) return [];
  return [`${requester ? mention(requester) : 'Note'}: ${escapeMrkdwn(text).replaceAll(/\s+/g, ' ')}`];
}

export function previousAnswerLine({ previousAnswer }: Request): readonly string[] {
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
  return `${escapeMrkdwn(label)} ${escapeMrkdwn(value)}${at ? ` at ${time(at)}` : ''}`;
}
