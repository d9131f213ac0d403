// The closed list of elements of an input block, as `check-blocks.ts` has it for the blocks themselves.
// Called by `check-blocks.ts`.
import { isDeepStrictEqual } from 'node:util';
import type { InputElement, Option } from './blocks.ts';
import { limits } from './limits.ts';
import { boolean, date, list, object, string, variants, whole } from './validators.ts';
import { anyText, plainText } from './text-validators.ts';

const action_id = string(limits.actionId);
const placeholder = plainText(limits.placeholder);
const value = string(limits.optionValue);
const option = object({
  required: ['text', 'value'],
  fields: { text: plainText(limits.optionText), value },
});
/** Only beside a box may it be mrkdwn: https://docs.slack.dev/reference/block-kit/composition-objects/option-object */
const boxOption = object({
  required: ['text', 'value'],
  fields: { text: anyText(limits.optionText), value, description: anyText(limits.optionDescription) },
});

export const inputElement = variants({
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
  users_select: { required: [], fields: { action_id, placeholder, initial_user: string(Infinity) } },
  datepicker: { required: [], fields: { action_id, placeholder, initial_date: date } },
  checkboxes: {
    required: ['options'],
    fields: {
      action_id,
      options: list(boxOption, limits.checkboxes),
      initial_options: list(boxOption, limits.checkboxes),
    },
  },
});

/** What is chosen at first has to be one of the options, exactly. */
export function strayInitials(element: InputElement, at: string): readonly string[] {
  if (element.type !== 'static_select' && element.type !== 'checkboxes') return [];
  const { options } = element;
  const initials: readonly (Option | undefined)[] =
    element.type === 'checkboxes' ? (element.initial_options ?? []) : [element.initial_option];
  return initials
    .filter((each) => each && !options.some((one) => isDeepStrictEqual(one, each)))
    .map((each) => `no option matches the initial one "${each?.value}" [json-pointer:${at}]`);
}
