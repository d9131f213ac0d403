// Schemas of the blocks that the local Slack supports. As in Slack, the error names a type or field that is unknown.
// The Web API and the response URLs check messages with them, and `view.ts` checks views.
import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { chartBlock, CHARTS_OF_A_MESSAGE } from './chart-block.ts';
import { inputElement } from './input-elements.ts';
import type { InputElement } from './input-elements.ts';
import { actionId, anyText, list, optional, plainText, repeatedActionIds, rule } from './validators.ts';
import { text, typed } from './validators.ts';

// The limits come from https://docs.slack.dev/reference/block-kit, which has a page for each block and element.
const style = optional(v.picklist(['primary', 'danger']));
const confirm = v.strictObject({
  title: plainText(100),
  text: anyText(300),
  confirm: plainText(30),
  deny: plainText(30),
  style,
});
const button = v.variant('type', [
  typed('button', {
    text: plainText(75),
    action_id: actionId,
    value: optional(text(2_000)),
    url: optional(text(3_000)),
    style,
    confirm: optional(confirm),
  }),
]);
export type Button = v.InferOutput<typeof button>;

const block_id = optional(text(255));
const input = typed('input', {
  block_id,
  label: plainText(2_000),
  element: inputElement,
  hint: optional(plainText(2_000)),
  optional: optional(v.boolean()),
});
export type InputBlock = v.InferOutput<typeof input>;

/** Slack shows an image that it cannot read as broken: https://github.com/slackapi/java-slack-sdk/issues/1396 */
const image = typed('image', {
  image_url: v.pipe(text(3_000), v.url()),
  alt_text: text(2_000),
});

const section = typed('section', {
  block_id,
  text: optional(anyText(3_000)),
  fields: optional(list(anyText(2_000), 10)),
  accessory: optional(v.variant('type', [...button.options, image])),
});

/** Of rich text, only lines that are shown as they are. */
const richText = typed('rich_text', {
  block_id,
  elements: list(
    typed('rich_text_preformatted', {
      elements: list(typed('text', { text: text(3_000) }), 1),
    }),
    1,
  ),
});
/** The blocks that Slack accepts in messages, modals and Home. */
const commonBlock = v.variant('type', [
  typed('context', { block_id, elements: list(anyText(3_000), 10) }),
  typed('header', { block_id, text: plainText(150) }),
  typed('divider', { block_id }),
  richText,
  v.pipe(
    section,
    v.check((each) => Boolean(each.text ?? each.fields), 'missing required field: text or fields'),
  ),
  v.pipe(
    typed('actions', { block_id, elements: list(button, 25) }),
    rule(({ elements }) => repeatedActionIds(elements)),
  ),
]);
const messageBlock = v.variant('type', [commonBlock, chartBlock]);
const viewBlock = v.variant('type', [commonBlock, input]);
export type Block = v.InferOutput<typeof viewBlock> | v.InferOutput<typeof messageBlock>;

const blockList = (block: v.GenericSchema<unknown, Block>, most: number, least = 1) =>
  v.pipe(
    list(block, most, least),
    rule((all) => {
      const isTaken = ({ block_id: id }: Block, index: number) =>
        id !== undefined && all.findIndex((each) => each.block_id === id) < index;
      return all.flatMap((each, index) =>
        isTaken(each, index) ? [[`\`block_id\` "${each.block_id}" already exists`, index] as const] : [],
      );
    }),
  );
/** An empty list removes the blocks of a message: https://docs.slack.dev/reference/methods/chat.update */
export const messageBlocks = v.pipe(
  blockList(messageBlock, 50, 0),
  rule((all) =>
    all
      .map(({ type }, index) => [type, index] as const)
      .filter(([type]) => type === 'data_visualization')
      .slice(CHARTS_OF_A_MESSAGE)
      .map(
        ([type, index]) => [`a message has at most ${CHARTS_OF_A_MESSAGE} blocks ${type}`, index] as const,
      ),
  ),
);
/**
 * The blocks of modals and of Home, which may have fields too: https://github.com/slackapi/python-slack-sdk/issues/853
 */
export const viewBlocks = v.pipe(
  blockList(viewBlock, 100),
  // Slack requires unique action ids only within a block. The local Slack requires them within the whole view, because
  // it receives the values of fields by action id.
  rule((all) => repeatedActionIds(inputsOf(all).map(({ element }) => element))),
);

export function inputsOf(blocks: readonly Block[]): readonly InputBlock[] {
  return blocks.filter((each) => each.type === 'input');
}

export function buttonsOf(each: Block): readonly Button[] {
  if (each.type === 'actions') return each.elements;
  if (each.type === 'section' && each.accessory?.type === 'button') return [each.accessory];
  return [];
}

/** Returns the blocks as Slack stores them: every block has a `block_id`, and every element an `action_id`. */
export function withIds(blocks: readonly Block[]): Block[] {
  return blocks.map((each) => {
    const named = { ...each, block_id: each.block_id ?? newId() };
    if (named.type === 'actions') return { ...named, elements: named.elements.map(identified) };
    if (named.type === 'section' && named.accessory?.type === 'button')
      return { ...named, accessory: identified(named.accessory) };
    if (named.type === 'input') return { ...named, element: identified(named.element) };
    return named;
  });
}

const identified = <T extends Button | InputElement>(each: T): T => ({
  ...each,
  action_id: each.action_id ?? newId(),
});

const newId = (): string => randomBytes(4).toString('base64url');
