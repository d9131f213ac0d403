// What a decision rests on: the facts and the reason in a line, what the requester wrote, how it was answered before. The
// message shows it, and so does Home beside the buttons.
import type { Fact, Request } from '../../domain/request.ts';
import { mention, escapeMrkdwn, quotation, time } from './mrkdwn.ts';

export function factsAndReason({ facts, reason }: Request): string {
  return [...facts.map(factLine), escapeMrkdwn(reason)].join(' · ');
}

/** What the requester wrote, under their name: it must not read as the word of who decided. */
export function note({ note: words, requester }: Request): readonly string[] {
  if (!words) return [];
  return [`${requester ? mention(requester) : 'Note'}: ${escapeMrkdwn(words).replaceAll(/\s+/g, ' ')}`];
}

export function previousAnswerLine({ previousAnswer }: Request): readonly string[] {
  if (!previousAnswer) return [];
  const { outcome, by, reason } = previousAnswer;
  const why = reason ? `: ${quotation(reason)}` : '';
  return [
    outcome === 'declined'
      ? `Asked again; declined before by ${by ? mention(by) : 'somebody'}${why}`
      : 'Asked again; it expired before.',
  ];
}

function factLine({ label, value, at }: Fact): string {
  return `${escapeMrkdwn(label)} ${escapeMrkdwn(value)}${at ? ` at ${time(at)}` : ''}`;
}
