// Escapes text from outside, and writes mentions, links and times, in Slack's text format. The views call it. Format:
// https://docs.slack.dev/messaging/formatting-message-text

/**
 * Escapes text from outside, so that it creates no mention, link, formatting or emoji. Slack has escapes only for
 * `& < >`. So formatting characters are replaced by look-alikes, and a zero-width space separates a colon from an emoji
 * name. Characters that change the writing direction are removed.
 */
export function escapeMrkdwn(text: string): string {
  return (
    text
      .toWellFormed()
      // A text from outside stays on its line, so it cannot imitate the lines of the message.
      .replaceAll(/\s*[\n\r\v\f\u0085\u2028\u2029]\s*/g, ' ')
      .replaceAll(/[\u061C\u202A-\u202E\u2066-\u2069\u200E\u200F]/g, '')
      // A non-breaking space keeps an amount on one line.
      .replaceAll(/\bUSD (?=\d)|(?<=\d) (?=%)/g, (gap) => gap.replace(' ', '\u00A0'))
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll(/:(?=[a-z0-9_+-]+:)/gi, ':\u200B')
      .replaceAll(/[*_~`]/g, (character) => LOOK_ALIKES[character] ?? '')
  );
}

const LOOK_ALIKES: Readonly<Record<string, string>> = { '*': '∗', _: 'ˍ', '~': '∼', '`': 'ˋ' };

/** @param id of a user (`U…`, `W…`) or a user group (`S…`) */
export function mention(id: string): string {
  return id.startsWith('S') ? `<!subteam^${id}>` : `<@${id}>`;
}

/** Returns a text such as `A, B or C`, or `nobody` if the list is empty. */
export function formatList(names: readonly string[], conjunction: 'and' | 'or'): string {
  const allButLast = names.slice(0, -1).join(', ');
  return allButLast ? `${allButLast} ${conjunction} ${names.at(-1)}` : (names[0] ?? 'nobody');
}

/** Text that a person typed, in quotation marks and on one line. */
export function quotation(text: string): string {
  return `“${escapeMrkdwn(text).replaceAll(/\s+/g, ' ')}”`;
}

/** A link to a message, for the end of a private answer. */
export function messageLink(permalink: string): string {
  return `<${permalink}|Open the message>`;
}

/** A time of day in the reader's time zone. @param at ISO 8601 */
export function time(at: string): string {
  return date(at, '{time}', `${at.slice(11, 16)} UTC`);
}

/** A day and a time in the reader's time zone. @param at ISO 8601 */
export function dayAndTime(at: string): string {
  return date(at, '{date_short_pretty} at {time}', `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`);
}

function date(at: string, format: string, fallback: string): string {
  return `<!date^${Math.floor(Date.parse(at) / 1000)}^${format}|${fallback}>`;
}
