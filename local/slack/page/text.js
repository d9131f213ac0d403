// Makes elements of the texts in messages and blocks: mrkdwn with its links, mentions and dates, or plain text.
// Called by `blocks.js` and `messages.js`, with what they know of the workspace, and by `page.js` as time goes by.
import { formatDate } from './dates.js';
import { element } from './element.js';
import { withEmoji } from './emoji.js';
import { parseMrkdwn } from './mrkdwn.js';

export function textObject(object, workspace) {
  return object.type === 'mrkdwn' ? mrkdwn(object.text, workspace) : [withEmoji(object.text)];
}

export function mrkdwn(text, workspace) {
  return show(parseMrkdwn(text), workspace);
}

const tags = { bold: 'strong', italic: 'em', strike: 's', quote: 'blockquote', pre: 'pre', code: 'code' };

function show(nodes, workspace) {
  return nodes.map((node) => {
    if (typeof node === 'string') return node;
    const tag = tags[node.kind];
    if (tag) return element(tag, {}, node.inside ? show(node.inside, workspace) : node.text);
    return showers[node.kind](node, workspace);
  });
}

const mention = (text) => element('span', { className: 'mention' }, text);

const showers = {
  person: ({ id, label }, { nameOf }) => mention(`@${nameOf(id) ?? label ?? id}`),
  group: ({ id, label }, { nameOf }) => mention(`@${nameOf(id) ?? label?.replace(/^@/, '') ?? id}`),
  channel: ({ id, label }, { channel }) => mention(`#${id === channel.id ? channel.name : (label ?? id)}`),
  broadcast: ({ text }) => mention(text),
  link: ({ url, label }) => link(url, label ?? url),
  date: (node, { now }) => {
    const text = formatDate(node.unix, node.format, now()) ?? node.fallback ?? '';
    const when = new Date(node.unix * 1000).toISOString();
    const time = element('time', { dateTime: when, title: node.fallback, 'data-format': node.format }, text);
    return node.url ? link(node.url, time) : time;
  },
};

/** A date such as {ago} grows old without anything changing. */
export function refreshDates({ now }) {
  for (const time of document.querySelectorAll('time[data-format]'))
    time.textContent =
      formatDate(Date.parse(time.dateTime) / 1000, time.dataset.format, now()) ?? time.textContent;
}

function link(url, inside) {
  // Only these lead anywhere: a script behind a link would act in the person's name.
  const safe = /^(?:https?:\/\/|mailto:)/.test(url);
  return element('a', { href: safe ? url : undefined, target: '_blank', rel: 'noopener noreferrer' }, inside);
}
