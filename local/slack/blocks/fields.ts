// The fields of a modal: what Slack itself lets pass, and how what was filled in is worded for the app.
// Called when a modal is submitted (`submit-modal.ts`) or a button in one is pressed (`press-in-view.ts`).
import type { InputBlock } from './blocks.ts';
import type { InputElement, Option } from './input-elements.ts';
import { pickable } from '../store/people.ts';
import { isDate } from './validators.ts';

/** What stands in the fields, by `action_id`: of checkboxes the values of those that are ticked. */
export type Values = Readonly<Record<string, string | readonly string[]>>;

/** What the person is told at the field, without the app being asked; nothing if it may pass. */
export function checkField({ element, optional }: InputBlock, values: Values): string | undefined {
  const given = givenTo(element, values);
  const [value = ''] = given;
  if (value === '') return optional ? undefined : 'Please complete this required field.';
  switch (element.type) {
    case 'plain_text_input':
      return checkLength(element, value);
    case 'number_input':
      return checkNumber(element, value);
    case 'static_select':
      return has(element.options, value) ? undefined : 'Please pick one of the options.';
    case 'users_select':
      return pickable.some(({ id }) => id === value) ? undefined : 'Please pick somebody from the list.';
    case 'datepicker':
      return isDate(value) ? undefined : 'Please pick a date.';
    case 'checkboxes':
      return given.every((each) => has(element.options, each))
        ? undefined
        : 'Please pick some of the options.';
  }
}

type Element<T> = Extract<InputElement, { type: T }>;

function checkLength(
  { min_length: least = 0, max_length: most = Infinity }: Element<'plain_text_input'>,
  value: string,
): string | undefined {
  if (value.length < least) return `Please enter at least ${least} characters.`;
  return value.length > most ? `Please enter at most ${most} characters.` : undefined;
}

// https://docs.slack.dev/reference/block-kit/block-elements/number-input-element
function checkNumber(
  { is_decimal_allowed, min_value, max_value }: Element<'number_input'>,
  value: string,
): string | undefined {
  if (!/^-?\d+(?:\.\d+)?$/.test(value)) return 'Please enter a number.';
  if (!is_decimal_allowed && value.includes('.')) return 'Please enter a whole number.';
  if (min_value !== undefined && Number(value) < Number(min_value))
    return `Please enter a number of at least ${min_value}.`;
  if (max_value !== undefined && Number(value) > Number(max_value))
    return `Please enter a number of at most ${max_value}.`;
  return undefined;
}

/** https://docs.slack.dev/reference/views#state: by block, then by action; null where nothing was filled in. */
export function stateOf(inputs: readonly InputBlock[], values: Values): object {
  return Object.fromEntries(
    inputs.map(({ block_id, element }) => [
      block_id,
      { [element.action_id ?? '']: { type: element.type, ...filledIn(element, givenTo(element, values)) } },
    ]),
  );
}

function filledIn(element: InputElement, given: readonly string[]): object {
  const [value = null] = given;
  switch (element.type) {
    case 'static_select':
      return { selected_option: element.options.find((each) => each.value === value) ?? null };
    case 'users_select':
      return { selected_user: value };
    case 'datepicker':
      return { selected_date: value };
    case 'checkboxes':
      return { selected_options: element.options.filter((each) => given.includes(each.value)) };
    case 'plain_text_input':
    case 'number_input':
      return { value };
  }
}

/** What was filled in, or else what stood there at first: nothing, one value, or of checkboxes several. */
function givenTo(element: InputElement, values: Values): readonly string[] {
  const given = values[element.action_id ?? ''] ?? initialOf(element) ?? [];
  return [given].flat().filter((each) => each.trim() !== '');
}

function initialOf(element: InputElement): Values[string] | undefined {
  switch (element.type) {
    case 'static_select':
      return element.initial_option?.value;
    case 'users_select':
      return element.initial_user;
    case 'datepicker':
      return element.initial_date;
    case 'checkboxes':
      return element.initial_options?.map(({ value }) => value);
    case 'plain_text_input':
    case 'number_input':
      return element.initial_value;
  }
}

const has = (options: readonly Option[], value: string): boolean =>
  options.some((each) => each.value === value);
