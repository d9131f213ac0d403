// The closed list of blocks: whatever is not written here is refused by name, as Slack refuses it.
// Called wherever a message or a view of the app comes in: the Web API, response URLs, the answers to its requests.
import { buttonsOf } from './blocks.ts';
import type { Block } from './blocks.ts';
import { inputElement, strayInitials } from './check-inputs.ts';
import { limits } from './limits.ts';
import { boolean, list, object, oneOf, string, variants } from './validators.ts';
import { anyText, plainText } from './text-validators.ts';

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
      ...(each.type === 'input' ? strayInitials(each.element, `${at}/${index}/element`) : []),
      ...twice.map((id) => `\`action_id\` "${id}" already exists for another action ${here}`),
      ...(sameBlock ? [`\`block_id\` "${each.block_id}" already exists ${here}`] : []),
    ];
  });
}

export function repeated(ids: readonly (string | undefined)[]): readonly string[] {
  return ids.filter((id, index) => id !== undefined && ids.indexOf(id) < index).map(String);
}
