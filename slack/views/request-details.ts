// What a decision rests on: the facts and the reason in a line, what the requester wrote, how it was answered before. The
// message shows it, and so does Home beside the buttons.
import type { Fact, Request } from '../../domain/request.ts';
import { mention, plain, quoted, time } from './mrkdwn.ts';

export function factsAndReason({ facts, reason }: Request): string {
  return [...facts.map(factLine), plain(reason)].join(' · ');
}

/** What the requester wrote, under their name: it must not read as the word of who decided. */
export function note({ note: words, requester }: Request): readonly string[] {
  if (!words) return [];
  return [`${requester ? mention(requester) : 'Note'}: ${plain(words).replaceAll(/\s+/g, ' ')}`];
}

export function answeredBefore({ before }: Request): readonly string[] {
  if (!before) return [];
  const { outcome, by, reason } = before;
  const why = reason ? `: ${quoted(reason)}` : '';
  return [
    outcome === 'declined'
      ? `Asked again; declined before by ${by ? mention(by) : 'somebody'}${why}`
      : 'Asked again; it expired before.',
  ];
}

function factLine({ label, value, at }: Fact): string {
  return `${plain(label)} ${plain(value)}${at ? ` at ${time(at)}` : ''}`;
}
