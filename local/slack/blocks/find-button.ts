// Finds a button by its `action_id`, and if several buttons share the id, by value or block.
// Called by `press-button.ts` and `press-in-view.ts`.
import { buttonsOf } from './blocks.ts';
import type { Block, Button } from './blocks.ts';

/** Tells apart buttons that share an `action_id`, as buttons in different blocks may. */
export interface Which {
  readonly value?: string;
  /** Used only if several buttons match without it. */
  readonly blockId?: string;
}

export interface FoundButton {
  readonly blockId: string;
  readonly button: Button;
}

export function findButton(
  blocks: readonly Block[],
  where: string,
  actionId: string,
  { value, blockId }: Which,
): FoundButton {
  const alike = blocks
    .flatMap((block) => buttonsOf(block).map((button) => ({ blockId: block.block_id ?? '', button })))
    .filter(({ button }) => button.action_id === actionId)
    .filter(({ button }) => value === undefined || button.value === value);
  // `blockId` is ignored if only one button matches: a block to which the app gave no id gets a new one at each update.
  const [first, second] =
    alike.length > 1 ? alike.filter((each) => each.blockId === (blockId ?? each.blockId)) : alike;
  if (!first) throw new Error(`The ${where} bears no button ${actionId}${value ? ` of value ${value}` : ''}`);
  if (second)
    throw new Error(`The ${where} bears several buttons ${actionId}: tell which, by value or block`);
  return first;
}

/** Format: https://docs.slack.dev/reference/interaction-payloads/block_actions-payload */
export function actionObject({ blockId, button }: FoundButton, action_ts: string): object {
  const { action_id, text, value, style } = button;
  return {
    action_id,
    block_id: blockId,
    text,
    ...(value !== undefined && { value }),
    ...(style && { style }),
    type: 'button',
    action_ts,
  };
}
