// Escapes text from outside, and writes mentions, links and times, in Slack's text format. The views call it. Format:
// https://docs.slack.dev/messaging/formatting-message-text

/**
 * Escapes text from outside, so that it creates no mention, link, formatting or emoji. Slack has escapes only for
 * `& < >`. So formatting characters are replaced by look-alikes, and a zero-width space separates a colon from an emoji
 * name. Characters that change the writing direction are removed.
 */
export function escapeMrkdwn(text: string): string {
  return cleanText(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[*_~`]/g, (character) => LOOK_ALIKES[character] ?? '');
}

/** An escaped text for elements of plain text, in which Slack shows escapes as they are. */
export function unescapeMrkdwn(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/**
 * Prepares text from outside for elements of plain text, in which Slack shows emoji and formats nothing else. The text
 * looks as it does in a message.
 */
export function cleanText(text: string): string {
  return (
    text
      .toWellFormed()
      // A text from outside stays on its line, so it cannot imitate the lines of the message.
      .replaceAll(/\s*[\n\r\v\f\u0085\u2028\u2029]\s*/g, ' ')
      .replaceAll(DIRECTIONS, '')
      // A non-breaking space keeps an amount on one line.
      .replaceAll(/\bUSD (?=\d)|(?<=\d) (?=%)/g, (gap) => gap.replace(' ', '\u00A0'))
      .replaceAll(/:(?=[a-z0-9_+-]+:)/gi, ':\u200B')
  );
}

const DIRECTIONS = /[\u061C\u202A-\u202E\u2066-\u2069\u200E\u200F]/g;

/** Removes what could show characters in another sequence than they have. */
export function removeDirections(text: string): string {
  return text.toWellFormed().replaceAll(DIRECTIONS, '');
}

/** A link with a label from outside. @param url an address without `|` */
export function link(url: string, label: string): string {
  const escaped = url.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `<${escaped}|${escapeMrkdwn(label)}>`;
}

/**
 * The name of an execution, so that a person can copy it into a command. A name has at most 80 characters, and none of
 * those that are removed here: https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
 */
export function executionRef(name: string): string {
  return `\`${name.replaceAll(/[\s`&<>]/g, '').slice(0, 80)}\``;
}

const LOOK_ALIKES: Readonly<Record<string, string>> = { '*': '∗', _: 'ˍ', '~': '∼', '`': 'ˋ' };

/** @param id of a user (`U…`, `W…`) or a user group (`S…`) */
export function mention(id: string): string {
  return id.startsWith('S') ? `<!subteam^${id}>` : `<@${id}>`;
}

/** A list names at most this many people. */
export const MAX_NAMED = 10;

/** Returns a text such as `A, B or C`, `A, B and 40 more`, or `nobody` if the list is empty. */
export function formatList(names: readonly string[], conjunction: 'and' | 'or'): string {
  const more = names.length - MAX_NAMED;
  const shown = more > 0 ? [...names.slice(0, MAX_NAMED), `${more} more`] : names;
  const allButLast = shown.slice(0, -1).join(', ');
  return allButLast ? `${allButLast} ${conjunction} ${shown.at(-1)}` : (shown[0] ?? 'nobody');
}

/** Text that a person typed, in quotation marks and on one line. */
export function quotation(text: string): string {
  return `“${escapeMrkdwn(text).replaceAll(/\s+/g, ' ')}”`;
}

/** A link to a message, for the end of a text. */
export function messageLink(permalink: string): string {
  return `<${permalink}|Open the message>`;
}

/**
 * A time with its day, because people may read a message on another day or in another time zone. Slack shows it in the
 * reader's time zone, such as `2:05 PM today`. The fallback is in UTC. @param at ISO 8601
 */
export function time(at: string): string {
  const seconds = Math.floor(Date.parse(at) / 1_000);
  return `<!date^${seconds}^{time} {date_short_pretty}|${at.slice(0, 10)} ${utcTime(at)}>`;
}

/** `10:05 UTC`, for plain text, in which Slack shows no time of the reader's time zone. @param at ISO 8601 */
export function utcTime(at: string): string {
  return `${at.slice(11, 16)} UTC`;
}
