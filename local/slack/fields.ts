// The fields of a modal: what Slack itself lets pass, and how what was filled in is worded for the app.
// Called when a modal is submitted (`submit-modal.ts`).
import type { InputBlock, InputElement } from './blocks.ts';

export type Values = Readonly<Record<string, string>>;

/** What the person is told at the field, without the app being asked; nothing if it may pass. */
export function checkField({ element, optional }: InputBlock, values: Values): string | undefined {
  const value = valueOf(element, values);
  if (value === '') return optional ? undefined : 'Please complete this required field.';
  if (element.type === 'number_input') return checkNumber(element, value);
  if (element.type === 'static_select')
    return selected(element.options, value) ? undefined : 'Please pick one of the options.';
  const { min_length: least = 0, max_length: most = Infinity } = element;
  if (value.length < least) return `Please enter at least ${least} characters.`;
  if (value.length > most) return `Please enter at most ${most} characters.`;
  return undefined;
}

// https://docs.slack.dev/reference/block-kit/block-elements/number-input-element
function checkNumber(
  { is_decimal_allowed, min_value, max_value }: Extract<InputElement, { type: 'number_input' }>,
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
      { [element.action_id ?? '']: filledIn(element, values) },
    ]),
  );
}

function filledIn(element: InputElement, values: Values): object {
  const value = valueOf(element, values);
  if (element.type !== 'static_select') return { type: element.type, value: value === '' ? null : value };
  return { type: element.type, selected_option: selected(element.options, value) ?? null };
}

function valueOf(element: InputElement, values: Values): string {
  const value = values[element.action_id ?? ''];
  if (value !== undefined) return value.trim() === '' ? '' : value;
  return (element.type === 'static_select' ? element.initial_option?.value : element.initial_value) ?? '';
}

const selected = (options: readonly { readonly value: string }[], value: string) =>
  options.find((each) => each.value === value);
