// Schemas of the elements of an input block. A field that no schema lists is refused by its name, as in Slack.
// Used by `blocks.ts`. The limits come from https://docs.slack.dev/reference/block-kit/block-elements
import { isDeepStrictEqual } from 'node:util';
import * as v from 'valibot';
import { actionId, anyText, isDate, list, optional, plainText, rule, text, typed } from './validators.ts';

const longestInput = 3_000;
const inputText = optional(text(longestInput));
const common = { action_id: actionId, placeholder: optional(plainText(150)) };

// https://docs.slack.dev/reference/block-kit/composition-objects/option-object: only checkboxes may have mrkdwn options
const option = v.strictObject({ text: plainText(75), value: text(150) });
const boxOption = v.strictObject({ text: anyText(75), value: text(150), description: optional(anyText(75)) });
export type Option = v.InferOutput<typeof boxOption>;

const length = (least: number) => {
  const fits = (given: unknown) =>
    Number.isInteger(given) && Number(given) >= least && Number(given) <= longestInput;
  return optional(v.custom<number>(fits, `must provide an integer from ${least} to ${longestInput}`));
};
const date = v.custom<string>(
  (given) => typeof given === 'string' && isDate(given),
  'must provide a date as YYYY-MM-DD',
);

/** Slack refuses an initial choice that does not equal one of the options. */
const notAnOption = (options: readonly Option[], initial: readonly Option[]) =>
  initial
    .filter((each) => !options.some((one) => isDeepStrictEqual(one, each)))
    .map((each) => [`no option matches the initial one "${each.value}"`] as const);

export const inputElement = v.variant('type', [
  typed('plain_text_input', {
    ...common,
    multiline: optional(v.boolean()),
    initial_value: optional(text(longestInput, 0)),
    min_length: length(0),
    max_length: length(1),
  }),
  typed('number_input', {
    ...common,
    is_decimal_allowed: v.boolean(),
    initial_value: inputText,
    min_value: inputText,
    max_value: inputText,
  }),
  v.pipe(
    typed('static_select', { ...common, options: list(option, 100), initial_option: optional(option) }),
    rule(({ options, initial_option: initial }) => notAnOption(options, initial ? [initial] : [])),
  ),
  typed('users_select', { ...common, initial_user: optional(text(Infinity)) }),
  typed('datepicker', { ...common, initial_date: optional(date) }),
  v.pipe(
    typed('checkboxes', {
      action_id: actionId,
      options: list(boxOption, 10),
      initial_options: optional(list(boxOption, 10)),
    }),
    rule(({ options, initial_options: initial = [] }) => notAnOption(options, initial)),
  ),
]);
export type InputElement = v.InferOutput<typeof inputElement>;
