// Parses Slack's mrkdwn into a tree of nodes, which `text.js` draws as elements.
// It does not use the document, so tests can call it in Node.
import { emoji } from './emoji.js';

/** @typedef {string | { kind: string, text?: string, inside?: Node[], [field: string]: unknown }} Node */

// https://docs.slack.dev/messaging/formatting-message-text
const inline = new RegExp(
  [
    '`(?<code>[^`\\n]+)`',
    '<(?<angle>[^<>\\n]+)>',
    mark('\\*', 'bold'),
    mark('_', 'italic'),
    mark('~', 'strike'),
    ':(?<emoji>[a-z0-9_+-]+):',
  ].join('|'),
  'gu',
);

/** A mark counts only at the edge of a word: 2*3*4 and snake_case_names stay unchanged. */
function mark(sign, name) {
  return `(?<![\\p{L}\\p{N}${sign}])${sign}(?<${name}>(?!\\s)[^${sign}\\n]+?(?<!\\s))${sign}(?![\\p{L}\\p{N}${sign}])`;
}

/** @returns {Node[]} */
export function parseMrkdwn(text) {
  return text.split(/```\n?([\s\S]+?)\n?```/).flatMap((part, index) => {
    if (part === '') return [];
    return index % 2 === 1 ? [{ kind: 'pre', text: unescape(part) }] : parseLines(part);
  });
}

/** Consecutive lines that begin with > are one quote. */
function parseLines(text) {
  const parts = text.split(/^((?:(?:>|&gt;).*(?:\n|$))+)/m);
  return parts.flatMap((part, index) => {
    if (index % 2 === 0) return parseInline(index < parts.length - 1 ? part.replace(/\n$/, '') : part);
    return [{ kind: 'quote', inside: parseInline(part.replaceAll(/^(?:>|&gt;) ?|\n$/gm, '')) }];
  });
}

function parseInline(text) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(inline)) {
    if (match.index > end) nodes.push(unescape(text.slice(end, match.index)));
    nodes.push(nodeOf(match));
    end = match.index + match[0].length;
  }
  return end < text.length ? [...nodes, unescape(text.slice(end))] : nodes;
}

function nodeOf({ 0: whole, groups }) {
  if (groups.code !== undefined) return { kind: 'code', text: unescape(groups.code) };
  if (groups.angle !== undefined) return parseAngle(groups.angle) ?? unescape(whole);
  if (groups.emoji !== undefined) return emoji[groups.emoji] ?? whole;
  const kind = ['bold', 'italic', 'strike'].find((name) => groups[name] !== undefined);
  return { kind, inside: parseInline(groups[kind]) };
}

/** Parses the text between < and >: a link, a mention or a date; undefined for other text. */
function parseAngle(content) {
  const bar = content.indexOf('|');
  const target = bar < 0 ? content : content.slice(0, bar);
  const label = bar < 0 ? undefined : unescape(content.slice(bar + 1));
  if (/^@[UW]/.test(target)) return { kind: 'person', id: target.slice(1), label };
  if (target.startsWith('!subteam^S')) return { kind: 'group', id: target.slice('!subteam^'.length), label };
  if (target.startsWith('#C')) return { kind: 'channel', id: target.slice(1), label };
  if (/^!(?:here|channel|everyone)$/.test(target)) return { kind: 'broadcast', text: `@${target.slice(1)}` };
  if (target.startsWith('!date^')) return parseDate(target, label);
  if (/^(?:https?:\/\/|mailto:)/.test(target)) return { kind: 'link', url: unescape(target), label };
  return undefined;
}

function parseDate(target, fallback) {
  const [, unix = '', format = '', url] = target.split('^');
  // Eleven digits reach beyond the year 5000, so a longer number is not a date.
  if (!/^\d{1,11}$/.test(unix) || format === '') return fallback;
  return { kind: 'date', unix: Number(unix), format: unescape(format), url, fallback };
}

/** Slack escapes only these three; &amp; is replaced last, so that &amp;lt; becomes &lt;. */
function unescape(text) {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
