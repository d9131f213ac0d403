// Draws the text of messages and blocks: mrkdwn with its links, mentions and dates, or plain text.
// Called by every component that shows text of the app or of a person.
import { formatDate } from './dates.js';
import { withEmoji } from './emoji.js';
import { parseMrkdwn } from './mrkdwn.js';
import { html } from './preact.js';
import { nameOf, now } from './store.js';

export const textObject = ({ type, text }) => (type === 'mrkdwn' ? mrkdwn(text) : withEmoji(text));
export const mrkdwn = (text) => parseMrkdwn(text).map(show);

const tags = { bold: 'strong', italic: 'em', strike: 's', quote: 'blockquote', pre: 'pre', code: 'code' };

function show(node) {
  if (typeof node === 'string') return node;
  const tag = tags[node.kind];
  return tag ? html`<${tag}>${node.inside?.map(show) ?? node.text}<//>` : parts[node.kind](node);
}

const mention = (text) => html`<span class="mention">${text}</span>`;

const parts = {
  person: ({ id, label }) => mention(`@${nameOf(id) ?? label ?? id}`),
  group: ({ id, label }) => mention(`@${nameOf(id) ?? label?.replace(/^@/, '') ?? id}`),
  channel: ({ id, label }) => mention(`#${nameOf(id) ?? label ?? id}`),
  broadcast: ({ text }) => mention(text),
  link: ({ url, label }) => link(url, label ?? url),
  date: ({ unix, format, fallback, url }) => {
    const moment = new Date(unix * 1000).toISOString();
    const text = formatDate(unix, format, now()) ?? fallback ?? '';
    const time = html`<time datetime=${moment} title=${fallback} data-format=${format}>${text}</time>`;
    return url ? link(url, time) : time;
  },
};

function link(url, inside) {
  // Only http, https and mailto links get an address: a javascript: link could act as the person.
  const safe = /^(?:https?:\/\/|mailto:)/.test(url);
  return html`<a href=${safe ? url : undefined} target="_blank" rel="noopener noreferrer">${inside}</a>`;
}
