// The blocks this Slack knows, as types, and what it adds to those an app sends.
// Read by whatever keeps a message or presses one of its buttons.
import { randomBytes } from 'node:crypto';

export interface TextObject {
  readonly type: 'plain_text' | 'mrkdwn';
  readonly text: string;
}

export interface Button {
  readonly type: 'button';
  readonly text: TextObject;
  readonly action_id?: string;
  readonly value?: string;
  readonly url?: string;
  readonly style?: 'primary' | 'danger';
  readonly confirm?: object;
}

export interface Option {
  readonly text: TextObject;
  readonly value: string;
  readonly description?: TextObject;
}

export type InputElement = { readonly action_id?: string; readonly placeholder?: TextObject } & (
  | {
      readonly type: 'plain_text_input';
      readonly multiline?: boolean;
      readonly initial_value?: string;
      readonly min_length?: number;
      readonly max_length?: number;
    }
  | {
      readonly type: 'number_input';
      readonly is_decimal_allowed: boolean;
      readonly initial_value?: string;
      readonly min_value?: string;
      readonly max_value?: string;
    }
  | {
      readonly type: 'static_select';
      readonly options: readonly Option[];
      readonly initial_option?: Option;
    }
  | { readonly type: 'users_select'; readonly initial_user?: string }
  | { readonly type: 'datepicker'; readonly initial_date?: string }
  | {
      readonly type: 'checkboxes';
      readonly options: readonly Option[];
      readonly initial_options?: readonly Option[];
    }
);

export interface InputBlock {
  readonly type: 'input';
  readonly block_id?: string;
  readonly label: TextObject;
  readonly element: InputElement;
  readonly hint?: TextObject;
  readonly optional?: boolean;
}

type Named = { readonly block_id?: string };

export type Block = Named &
  (
    | {
        readonly type: 'section';
        readonly text?: TextObject;
        readonly fields?: readonly TextObject[];
        readonly accessory?: Button;
      }
    | { readonly type: 'context'; readonly elements: readonly TextObject[] }
    | { readonly type: 'actions'; readonly elements: readonly Button[] }
    | { readonly type: 'header'; readonly text: TextObject }
    | { readonly type: 'divider' }
    | InputBlock
  );

export function buttonsOf(each: Block): readonly Button[] {
  if (each.type === 'actions') return each.elements;
  if (each.type === 'section' && each.accessory) return [each.accessory];
  return [];
}

/** The blocks as Slack keeps them: every block with a `block_id`, every element with an `action_id`. */
export function withIds(blocks: readonly Block[]): readonly Block[] {
  return blocks.map((each) => {
    const block_id = each.block_id ?? newId();
    if (each.type === 'actions') return { ...each, block_id, elements: each.elements.map(identified) };
    if (each.type === 'section' && each.accessory)
      return { ...each, block_id, accessory: identified(each.accessory) };
    if (each.type === 'input') return { ...each, block_id, element: identified(each.element) };
    return { ...each, block_id };
  });
}

const identified = <T extends Button | InputElement>(each: T): T => ({
  ...each,
  action_id: each.action_id ?? newId(),
});

const newId = (): string => randomBytes(4).toString('base64url');
