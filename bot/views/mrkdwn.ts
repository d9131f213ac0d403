// Slack's text format: what comes from outside is made harmless here, and mentions and times are written here.
// Every view writes with it: https://docs.slack.dev/messaging/formatting-message-text

/**
 * Text from outside as text: no mention fires, no link is made, no character formats. Slack asks for `& < >` to be
 * escaped; the formatting characters are kept from pairing by a zero-width space behind each.
 */
export function plain(text: string): string {
  return text
    .replace(/[\u202A-\u202E\u2066-\u2069\u200E\u200F]/g, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[*_~`]/g, '$&\u200B');
}

/** @param id of a user (`U…`, `W…`) or a user group (`S…`) */
export function mention(id: string): string {
  return id.startsWith('S') ? `<!subteam^${id}>` : `<@${id}>`;
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
