// Formats messages of the local Slack for a terminal: names, dates and emoji in place of Slack's codes. `npm run demo`
// prints the lines. The parsing is that of the page.
import { type Block, type Button, buttonsOf } from './slack/blocks/blocks.ts';
import { formatDate } from './slack/page/dates.js';
import { withEmoji } from './slack/page/emoji.js';
import { type Node, parseMrkdwn } from './slack/page/mrkdwn.js';
import { everyone, handleOf } from './slack/store/people.ts';

export interface Surroundings {
  /** Milliseconds since 1970, for words such as `today`. */
  readonly now: number;
  /** Zone of the times, such as `Europe/Berlin`; by default the machine's. */
  readonly zone?: string;
  /** Names of channels by id. */
  readonly channels: Readonly<Record<string, string>>;
}

/** The text without markup. A link is shown by its label. */
export function plainText(mrkdwn: string, surroundings: Surroundings): string {
  return parseMrkdwn(mrkdwn)
    .map((node) => textOf(node, surroundings))
    .join('');
}

/** The lines of the blocks. A fact, which has a name and a value, is one line; a chart is its title. */
export function plainBlocks(blocks: readonly Block[], surroundings: Surroundings): readonly string[] {
  return blocks.flatMap((block) => linesOf(block, surroundings));
}

export function buttonText({ text }: Button): string {
  return withEmoji(text.text);
}

function linesOf(block: Block, surroundings: Surroundings): readonly string[] {
  const shown = ({ type, text }: { readonly type: string; readonly text: string }) =>
    type === 'mrkdwn' ? plainText(text, surroundings) : withEmoji(text);
  const buttons = buttonsOf(block).map((each) => `[${buttonText(each)}]`);
  const row = buttons.length > 0 ? [buttons.join(' ')] : [];
  switch (block.type) {
    case 'header':
      return [shown(block.text)];
    case 'section': {
      const facts = (block.fields ?? []).map((field) => shown(field).replace('\n', ': '));
      return [...(block.text ? shown(block.text).split('\n') : []), ...facts, ...row];
    }
    case 'actions':
      return row;
    case 'context':
      return [block.elements.map(shown).join(' ')];
    case 'rich_text':
      return block.elements.flatMap(({ elements }) => elements.flatMap(({ text }) => text.split('\n')));
    case 'data_visualization':
      return [`Chart: ${block.title}`];
    case 'input':
      return [`${withEmoji(block.label.text)}: …`];
    case 'divider':
      return [];
  }
}

function textOf(node: Node, surroundings: Surroundings): string {
  if (typeof node === 'string') return node;
  const inside = (nodes: readonly Node[]) => nodes.map((each) => textOf(each, surroundings)).join('');
  switch (node.kind) {
    case 'bold':
    case 'italic':
    case 'strike':
      return inside(node.inside);
    case 'quote':
      return `${inside(node.inside).replaceAll(/^/gm, '> ')}\n`;
    case 'code':
    case 'pre':
    case 'broadcast':
      return node.text;
    case 'person':
      return `@${everyone.find(({ id }) => id === node.id)?.name ?? node.label ?? node.id}`;
    case 'group':
      return `@${handleOf(node.id)}`;
    case 'channel':
      return `#${surroundings.channels[node.id] ?? node.label ?? node.id}`;
    case 'link':
      return node.label ?? node.url;
    case 'date':
      return formatDate(node.unix, node.format, surroundings.now, surroundings.zone) ?? node.fallback ?? '';
  }
}
