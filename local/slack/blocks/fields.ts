// The fields of a modal: checks their values as Slack does, and builds the `state` that the app receives.
// Called when a modal is submitted (`submit-modal.ts`) or a button in one is pressed (`press-in-view.ts`).
import * as v from 'valibot';
import type { InputBlock } from './blocks.ts';
import type { InputElement, Option } from './input-elements.ts';
import { pickable } from '../store/people.ts';
import { isDate } from './validators.ts';

/** The values of the fields by `action_id`: a text, or the checked values of checkboxes. */
export type Values = Readonly<Record<string, string | readonly string[]>>;

/** Returns the error that Slack itself shows at the field. Undefined if Slack accepts the value. */
export function checkField({ element, optional }: InputBlock, values: Values): string | undefined {
  const given = givenTo(element, values);
  if (given.length === 0) return optional ? undefined : 'Please complete this required field.';
  return v.safeParse(v.array(schemaOf(element)), given, { abortEarly: true }).issues?.[0].message;
}

function schemaOf(element: InputElement): v.GenericSchema<string> {
  switch (element.type) {
    case 'plain_text_input': {
      const { min_length: least = 0, max_length: most = Infinity } = element;
      const [short, long] = [`at least ${least}`, `at most ${most}`].map(
        (length) => `Please enter ${length} characters.`,
      );
      return v.pipe(v.string(), v.minLength(least, short), v.maxLength(most, long));
    }
    // https://docs.slack.dev/reference/block-kit/block-elements/number-input-element
    case 'number_input': {
      const { is_decimal_allowed, min_value: least = -Infinity, max_value: most = Infinity } = element;
      return v.pipe(
        v.string(),
        v.regex(/^-?\d+(?:\.\d+)?$/, 'Please enter a number.'),
        v.check((value) => is_decimal_allowed || !value.includes('.'), 'Please enter a whole number.'),
        v.check((value) => Number(value) >= Number(least), `Please enter a number of at least ${least}.`),
        v.check((value) => Number(value) <= Number(most), `Please enter a number of at most ${most}.`),
      );
    }
    case 'static_select':
      return v.picklist(valuesOf(element.options), 'Please pick one of the options.');
    case 'checkboxes':
      return v.picklist(valuesOf(element.options), 'Please pick some of the options.');
    case 'users_select':
      return v.picklist(
        pickable.map(({ id }) => id),
        'Please pick somebody from the list.',
      );
    case 'datepicker':
      return v.pipe(v.string(), v.check(isDate, 'Please pick a date.'));
  }
}

const valuesOf = (options: readonly Option[] = []) => options.map(({ value }) => value);

/** The state by `block_id`, then `action_id`; null for an empty field: https://docs.slack.dev/reference/views#state */
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
  if (element.type === 'static_select')
    return { selected_option: element.options.find((each) => each.value === value) ?? null };
  if (element.type === 'checkboxes')
    return { selected_options: element.options.filter((each) => given.includes(each.value)) };
  if (element.type === 'users_select') return { selected_user: value };
  return element.type === 'datepicker' ? { selected_date: value } : { value };
}

/** Returns the field's submitted values, or else its initial values. Only checkboxes can have more than one value. */
function givenTo(element: InputElement, values: Values): readonly string[] {
  const given = values[element.action_id ?? ''] ?? initialOf(element) ?? [];
  return [given].flat().filter((each) => each.trim() !== '');
}

function initialOf(element: InputElement): Values[string] | undefined {
  if (element.type === 'checkboxes') return element.initial_options && valuesOf(element.initial_options);
  if (element.type === 'static_select') return element.initial_option?.value;
  if (element.type === 'users_select') return element.initial_user;
  return element.type === 'datepicker' ? element.initial_date : element.initial_value;
}
