// The elements of an input block, each a closed list of fields: an unknown field is refused by name, as Slack refuses it.
// Used by `blocks.ts`.
import { isDeepStrictEqual } from 'node:util';
import * as v from 'valibot';
import { limits } from './limits.ts';
import { actionId, anyText, isDate, list, plainText, rule, text } from './validators.ts';

const placeholder = v.exactOptional(plainText(limits.placeholder));
const inputText = v.exactOptional(text(limits.inputText));
const value = text(limits.optionValue);
const option = v.strictObject({ text: plainText(limits.optionText), value });
/** Only a checkbox may have mrkdwn: https://docs.slack.dev/reference/block-kit/composition-objects/option-object */
const boxOption = v.strictObject({
  text: anyText(limits.optionText),
  value,
  description: v.exactOptional(anyText(limits.optionDescription)),
});
export type Option = v.InferOutput<typeof boxOption>;

const length = (least: number) => {
  const words = `must provide an integer from ${least} to ${limits.inputText}`;
  const fits = (given: unknown) => Number.isInteger(given) && Number(given) >= least;
  return v.exactOptional(
    v.custom<number>((given) => fits(given) && Number(given) <= limits.inputText, words),
  );
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
  v.strictObject({
    type: v.literal('plain_text_input'),
    action_id: actionId,
    placeholder,
    multiline: v.exactOptional(v.boolean()),
    initial_value: v.exactOptional(text(limits.inputText, 0)),
    min_length: length(0),
    max_length: length(1),
  }),
  v.strictObject({
    type: v.literal('number_input'),
    action_id: actionId,
    placeholder,
    is_decimal_allowed: v.boolean(),
    initial_value: inputText,
    min_value: inputText,
    max_value: inputText,
  }),
  v.pipe(
    v.strictObject({
      type: v.literal('static_select'),
      action_id: actionId,
      placeholder,
      options: list(option, limits.options),
      initial_option: v.exactOptional(option),
    }),
    rule(({ options, initial_option: initial }) => notAnOption(options, initial ? [initial] : [])),
  ),
  v.strictObject({
    type: v.literal('users_select'),
    action_id: actionId,
    placeholder,
    initial_user: v.exactOptional(text(Infinity)),
  }),
  v.strictObject({
    type: v.literal('datepicker'),
    action_id: actionId,
    placeholder,
    initial_date: v.exactOptional(date),
  }),
  v.pipe(
    v.strictObject({
      type: v.literal('checkboxes'),
      action_id: actionId,
      options: list(boxOption, limits.checkboxes),
      initial_options: v.exactOptional(list(boxOption, limits.checkboxes)),
    }),
    rule(({ options, initial_options: initial = [] }) => notAnOption(options, initial)),
  ),
]);
export type InputElement = v.InferOutput<typeof inputElement>;
