// The closed list of blocks: whatever is not written here is refused by name, as Slack refuses it.
// Called wherever a message of the app comes in: the Web API, response URLs, the answer to a slash command.
import { buttonsOf } from './blocks.ts';
import type { Block } from './blocks.ts';
import { limits } from './limits.ts';
import { boolean, list, object, oneOf, string, variants } from './shapes.ts';
import type { Shape } from './shapes.ts';

const plain = (longest: number) => ({
  plain_text: { required: ['text'], fields: { text: string(longest), emoji: boolean } },
});
const mrkdwn = (longest: number) => ({
  mrkdwn: { required: ['text'], fields: { text: string(longest), verbatim: boolean } },
});
const plainText = (longest: number): Shape => variants(plain(longest));
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
const button = variants({
  button: {
    required: ['text'],
    fields: {
      text: plainText(limits.buttonText),
      action_id: string(limits.actionId),
      value: string(limits.buttonValue),
      url: string(limits.buttonUrl),
      style,
      confirm,
    },
  },
});

const block_id = string(limits.blockId);
const block = variants({
  section: {
    required: [],
    fields: {
      block_id,
      text: anyText(limits.sectionText),
      fields: list(anyText(limits.fieldText), limits.fields),
      accessory: button,
    },
  },
  context: {
    required: ['elements'],
    fields: { block_id, elements: list(anyText(limits.contextText), limits.contextElements) },
  },
  actions: {
    required: ['elements'],
    fields: { block_id, elements: list(button, limits.actionsElements) },
  },
  header: { required: ['text'], fields: { block_id, text: plainText(limits.headerText) } },
  divider: { required: [], fields: { block_id } },
});

export type CheckedBlocks =
  | { readonly blocks: readonly Block[] }
  | { readonly complaints: readonly string[] };

export function checkBlocks(value: unknown): CheckedBlocks {
  const complaints: string[] = [];
  if (!areKnown(value, complaints)) return { complaints };
  const unclear = inconsistencies(value);
  return unclear.length > 0 ? { complaints: unclear } : { blocks: value };
}

function areKnown(value: unknown, complaints: string[]): value is readonly Block[] {
  // No blocks at all is how chat.update is told to remove them.
  const none = Array.isArray(value) && value.length === 0;
  if (!none) complaints.push(...list(block, limits.blocks)(value, '/blocks'));
  return complaints.length === 0;
}

function inconsistencies(blocks: readonly Block[]): readonly string[] {
  return blocks.flatMap((each, index) => {
    const at = `[json-pointer:/blocks/${index}]`;
    if (each.type === 'section' && !each.text && !each.fields)
      return [`missing required field: text or fields ${at}`];
    const twice = repeated(buttonsOf(each).map((one) => one.action_id));
    const sameBlock = each.block_id && blocks.findIndex((one) => one.block_id === each.block_id) < index;
    return [
      ...twice.map((id) => `\`action_id\` "${id}" already exists for another action ${at}`),
      ...(sameBlock ? [`\`block_id\` "${each.block_id}" already exists ${at}`] : []),
    ];
  });
}

function repeated(ids: readonly (string | undefined)[]): readonly string[] {
  return ids.filter((id, index) => id !== undefined && ids.indexOf(id) < index).map(String);
}
