// The closed list of blocks: whatever is not written here is refused by name, as Slack refuses it.
// Called wherever a message or a view of the app comes in: the Web API, response URLs, the answers to its requests.
import { buttonsOf } from './blocks.ts';
import type { Block } from './blocks.ts';
import { limits } from './limits.ts';
import { boolean, list, object, oneOf, string, variants, whole } from './shapes.ts';
import type { Shape } from './shapes.ts';

const plain = (longest: number) => ({
  plain_text: { required: ['text'], fields: { text: string(longest), emoji: boolean } },
});
const mrkdwn = (longest: number) => ({
  mrkdwn: { required: ['text'], fields: { text: string(longest), verbatim: boolean } },
});
export const plainText = (longest: number): Shape => variants(plain(longest));
const anyText = (longest: number): Shape => variants({ ...plain(longest), ...mrkdwn(longest) });

const style = oneOf('primary', 'danger');
const confirm = object({
  required: ['title', 'text', 'confirm', 'deny'],
  fields: {
    title: plainText(limits.confirmTitle),
    text: anyText(limits.confirmText),
    confirm: plainText(limits.confirmAnswer),
    deny: plainText(limits.confirmAnswer),
    style,
  },
});
const action_id = string(limits.actionId);
const button = variants({
  button: {
    required: ['text'],
    fields: {
      text: plainText(limits.buttonText),
      action_id,
      value: string(limits.buttonValue),
      url: string(limits.buttonUrl),
      style,
      confirm,
    },
  },
});

const option = object({
  required: ['text', 'value'],
  fields: { text: plainText(limits.optionText), value: string(limits.optionValue) },
});
const placeholder = plainText(limits.placeholder);
const inputElement = variants({
  plain_text_input: {
    required: [],
    fields: {
      action_id,
      placeholder,
      multiline: boolean,
      initial_value: string(limits.inputText, 0),
      min_length: whole(0, limits.inputText),
      max_length: whole(1, limits.inputText),
    },
  },
  number_input: {
    required: ['is_decimal_allowed'],
    fields: {
      action_id,
      placeholder,
      is_decimal_allowed: boolean,
      initial_value: string(limits.inputText),
      min_value: string(limits.inputText),
      max_value: string(limits.inputText),
    },
  },
  static_select: {
    required: ['options'],
    fields: { action_id, placeholder, options: list(option, limits.options), initial_option: option },
  },
});

const block_id = string(limits.blockId);
const still = {
  context: {
    required: ['elements'],
    fields: { block_id, elements: list(anyText(limits.contextText), limits.contextElements) },
  },
  header: { required: ['text'], fields: { block_id, text: plainText(limits.headerText) } },
  divider: { required: [], fields: { block_id } },
};
const pressable = {
  ...still,
  section: {
    required: [],
    fields: {
      block_id,
      text: anyText(limits.sectionText),
      fields: list(anyText(limits.fieldText), limits.fields),
      accessory: button,
    },
  },
  actions: {
    required: ['elements'],
    fields: { block_id, elements: list(button, limits.actionsElements) },
  },
};
const input = {
  required: ['label', 'element'],
  fields: {
    block_id,
    label: plainText(limits.inputLabel),
    element: inputElement,
    hint: plainText(limits.inputHint),
    optional: boolean,
  },
};

export const messageBlocks = list(variants(pressable), limits.blocks);
export const homeBlocks = list(variants(pressable), limits.viewBlocks);
export const modalBlocks = list(variants({ ...pressable, input }), limits.viewBlocks);

/** What no single block shows: a section with nothing in it, an id that stands twice. */
export function inconsistencies(blocks: readonly Block[], at: string): readonly string[] {
  return blocks.flatMap((each, index) => {
    const here = `[json-pointer:${at}/${index}]`;
    if (each.type === 'section' && !each.text && !each.fields)
      return [`missing required field: text or fields ${here}`];
    const twice = repeated(buttonsOf(each).map((one) => one.action_id));
    const sameBlock = each.block_id && blocks.findIndex((one) => one.block_id === each.block_id) < index;
    return [
      ...twice.map((id) => `\`action_id\` "${id}" already exists for another action ${here}`),
      ...(sameBlock ? [`\`block_id\` "${each.block_id}" already exists ${here}`] : []),
    ];
  });
}

export function repeated(ids: readonly (string | undefined)[]): readonly string[] {
  return ids.filter((id, index) => id !== undefined && ids.indexOf(id) < index).map(String);
}
