// The blocks this Slack knows, as schemas: a type or a field that is not listed is refused by name, as Slack refuses it.
// Used by the Web API and the response URLs to check messages, by `view.ts`, and by the store for the types.
import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { inputElement } from './input-elements.ts';
import type { InputElement } from './input-elements.ts';
import { limits } from './limits.ts';
import { actionId, anyText, list, plainText, repeatedActionIds, rule, text } from './validators.ts';

const style = v.exactOptional(v.picklist(['primary', 'danger']));
const confirm = v.strictObject({
  title: plainText(limits.confirmTitle),
  text: anyText(limits.confirmText),
  confirm: plainText(limits.confirmAnswer),
  deny: plainText(limits.confirmAnswer),
  style,
});
const button = v.variant('type', [
  v.strictObject({
    type: v.literal('button'),
    text: plainText(limits.buttonText),
    action_id: actionId,
    value: v.exactOptional(text(limits.buttonValue)),
    url: v.exactOptional(text(limits.buttonUrl)),
    style,
    confirm: v.exactOptional(confirm),
  }),
]);
export type Button = v.InferOutput<typeof button>;

const block_id = v.exactOptional(text(limits.blockId));
const input = v.strictObject({
  type: v.literal('input'),
  block_id,
  label: plainText(limits.inputLabel),
  element: inputElement,
  hint: v.exactOptional(plainText(limits.inputHint)),
  optional: v.exactOptional(v.boolean()),
});
export type InputBlock = v.InferOutput<typeof input>;

const pressable = [
  v.strictObject({
    type: v.literal('context'),
    block_id,
    elements: list(anyText(limits.contextText), limits.contextElements),
  }),
  v.strictObject({ type: v.literal('header'), block_id, text: plainText(limits.headerText) }),
  v.strictObject({ type: v.literal('divider'), block_id }),
  v.pipe(
    v.strictObject({
      type: v.literal('section'),
      block_id,
      text: v.exactOptional(anyText(limits.sectionText)),
      fields: v.exactOptional(list(anyText(limits.fieldText), limits.fields)),
      accessory: v.exactOptional(button),
    }),
    v.check((section) => Boolean(section.text ?? section.fields), 'missing required field: text or fields'),
  ),
  v.pipe(
    v.strictObject({
      type: v.literal('actions'),
      block_id,
      elements: list(button, limits.actionsElements),
    }),
    rule(({ elements }) => repeatedActionIds(elements)),
  ),
] as const;
const anyBlock = v.variant('type', [...pressable, input]);
export type Block = v.InferOutput<typeof anyBlock>;

const repeatedBlockIds = (blocks: readonly Block[]) =>
  blocks.flatMap((each, index) => {
    const isTaken = each.block_id && blocks.findIndex((one) => one.block_id === each.block_id) < index;
    return isTaken ? [[`\`block_id\` "${each.block_id}" already exists`, index] as const] : [];
  });

const block = v.variant('type', [...pressable]);
type Blocks = v.GenericSchema<unknown, readonly Block[]>;
/** Empty to remove the blocks of a message: https://docs.slack.dev/reference/methods/chat.update */
export const messageBlocks: Blocks = v.pipe(
  list(block, limits.blocks, 0),
  rule((blocks) => repeatedBlockIds(blocks)),
);
export const homeBlocks: Blocks = v.pipe(
  list(block, limits.viewBlocks),
  rule((blocks) => repeatedBlockIds(blocks)),
);
export const modalBlocks: Blocks = v.pipe(
  list(anyBlock, limits.viewBlocks),
  rule((blocks) => repeatedBlockIds(blocks)),
  // Slack asks for unique ids in a block only. A test fills in a modal by them, so here they are unique in the modal.
  rule((blocks) => repeatedActionIds(inputsOf(blocks).map(({ element }) => element))),
);

export function inputsOf(blocks: readonly Block[]): readonly InputBlock[] {
  return blocks.filter((each) => each.type === 'input');
}

export function buttonsOf(each: Block): readonly Button[] {
  if (each.type === 'actions') return each.elements;
  if (each.type === 'section' && each.accessory) return [each.accessory];
  return [];
}

/** The blocks as Slack keeps them: every block with a `block_id`, every element with an `action_id`. */
export function withIds(blocks: readonly Block[]): readonly Block[] {
  return blocks.map((each) => {
    const named = { ...each, block_id: each.block_id ?? newId() };
    if (named.type === 'actions') return { ...named, elements: named.elements.map(identified) };
    if (named.type === 'section' && named.accessory)
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
