// Slack's text format: what comes from outside is made harmless here, and mentions and times are written here.
// Every view writes with it: https://docs.slack.dev/messaging/formatting-message-text

/**
 * Text from outside as text: no mention fires, no link is made, nothing formats, no sign is drawn. Slack has an escape
 * for `& < >` only; characters that format are shown as their look-alikes, and a colon that would open an emoji's name
 * is parted from it. Marks that turn the direction of writing are dropped.
 */
export function escapeMrkdwn(text: string): string {
  return (
    text
      .toWellFormed()
      .replaceAll(/[\u061C\u202A-\u202E\u2066-\u2069\u200E\u200F]/g, '')
      // An amount does not break at the end of a line.
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

/** `A, B or C`. */
export function formatList(names: readonly string[], word: 'and' | 'or'): string {
  const before = names.slice(0, -1).join(', ');
  return before ? `${before} ${word} ${names.at(-1)}` : (names[0] ?? 'nobody');
}

/** What a person wrote, as a quotation in a sentence. */
export function quotation(words: string): string {
  return `“${escapeMrkdwn(words).replaceAll(/\s+/g, ' ')}”`;
}

/** A link to a message, to end a private answer with. */
export function messageLink(address: string): string {
  return `<${address}|Open the message>`;
}

/** A time of day in the reader's zone. @param at ISO 8601 */
export function time(at: string): string {
  return date(at, '{time}', `${at.slice(11, 16)} UTC`);
}

/** A day and a time in the reader's zone. @param at ISO 8601 */
export function dayAndTime(at: string): string {
  return date(at, '{date_short_pretty} at {time}', `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`);
}

function date(at: string, format: string, fallback: string): string {
  return `<!date^${Math.floor(Date.parse(at) / 1000)}^${format}|${fallback}>`;
}
