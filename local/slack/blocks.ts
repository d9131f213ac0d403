// The blocks this Slack knows, as types, and what it adds to those an app sends.
// Read by whatever keeps a message or presses one of its buttons.
import { randomBytes } from 'node:crypto';

interface TextObject {
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
  );

export function buttonsOf(each: Block): readonly Button[] {
  if (each.type === 'actions') return each.elements;
  if (each.type === 'section' && each.accessory) return [each.accessory];
  return [];
}

/** The blocks as Slack keeps them: every block with a `block_id`, every button with an `action_id`. */
export function withIds(blocks: readonly Block[]): readonly Block[] {
  return blocks.map((each) => {
    const block_id = each.block_id ?? newId();
    if (each.type === 'actions') return { ...each, block_id, elements: each.elements.map(identified) };
    if (each.type === 'section' && each.accessory)
      return { ...each, block_id, accessory: identified(each.accessory) };
    return { ...each, block_id };
  });
}

const identified = (each: Button): Button => ({ ...each, action_id: each.action_id ?? newId() });

const newId = (): string => randomBytes(4).toString('base64url');
