// The form that `/trade` opens: a ticket with a field for each member. The same rules apply to its fields as to the text of
// the command, and errors are shown at the fields.
import type { InputBlock, ModalView, PlainTextOption } from '@slack/types';
import {
  badLimit,
  badQuantity,
  limitNeedsSide,
  MAX_NOTE,
  readQuantity,
  type Ticket,
  type TradeRules,
  unknownSymbol,
} from '../../../domain/trading/ticket.ts';
import { readPrice } from '../../../domain/trading/prices.ts';
import { limits } from '../../views/limits.ts';
import { type Field, type SubmittedView, valueOf } from '../../views/submitted-view.ts';

export const tradeFormId = 'trade_form';

const field = (name: string): Field => ({ block: name, action: name });

const fields = {
  side: field('side'),
  symbol: field('symbol'),
  quantity: field('quantity'),
  limit: field('limit'),
  timeInForce: field('time_in_force'),
  note: field('note'),
} as const;

const SIDES = [option('Recommended', 'recommended'), option('Buy', 'buy'), option('Sell', 'sell')] as const;
const TIMES = [option('Day', 'day'), option('Immediate or cancel', 'ioc')] as const;

/** @param responseUrl Slack's URL for private answers */
export function tradeForm({ symbols, defaultQuantity }: TradeRules, responseUrl: string): ModalView {
  return {
    type: 'modal',
    callback_id: tradeFormId,
    private_metadata: JSON.stringify({ responseUrl }),
    title: { type: 'plain_text', text: 'Trade' },
    submit: { type: 'plain_text', text: 'Ask for approval' },
    close: { type: 'plain_text', text: 'Cancel' },
    blocks: [
      input(fields.symbol, 'Symbol', {
        type: 'static_select',
        action_id: fields.symbol.action,
        placeholder: { type: 'plain_text', text: 'Choose a symbol' },
        options: symbols.slice(0, limits.selectOptions).map((symbol) => option(symbol, symbol)),
      }),
      input(fields.side, 'Side', {
        type: 'static_select',
        action_id: fields.side.action,
        options: [...SIDES],
        initial_option: SIDES[0],
      }),
      input(fields.quantity, 'Quantity', {
        type: 'number_input',
        action_id: fields.quantity.action,
        is_decimal_allowed: false,
        initial_value: String(defaultQuantity),
      }),
      {
        ...input(fields.limit, 'Limit', {
          type: 'plain_text_input',
          action_id: fields.limit.action,
          max_length: 20,
        }),
        optional: true,
        hint: {
          type: 'plain_text',
          text: 'The worst price, USD a share. Needs a side. Default: close to the current price.',
        },
      },
      input(fields.timeInForce, 'Time in force', {
        type: 'static_select',
        action_id: fields.timeInForce.action,
        options: [...TIMES],
        initial_option: TIMES[0],
      }),
      {
        ...input(fields.note, 'Note', {
          type: 'plain_text_input',
          action_id: fields.note.action,
          multiline: true,
          max_length: MAX_NOTE,
        }),
        optional: true,
        hint: { type: 'plain_text', text: 'Everyone in the channel sees it.' },
      },
    ],
  };
}

export type TradeForm =
  | { readonly ticket: Ticket; readonly responseUrl: string }
  | { readonly errors: Readonly<Record<string, string>> };

/** Returns the submitted ticket, or an error message for each invalid field, by block id. */
export function readTradeForm(view: SubmittedView, { symbols }: TradeRules): TradeForm {
  const text = (name: keyof typeof fields) => valueOf(view, fields[name])?.trim() ?? '';
  const [symbol, side, limit, note] = [text('symbol'), text('side'), text('limit'), text('note')];
  const quantity = readQuantity(text('quantity'));
  const limitPrice = limit ? readPrice(limit) : undefined;
  const chosen: Pick<Ticket, 'side'> = side === 'buy' || side === 'sell' ? { side } : {};
  const order = { ...chosen, ...(limitPrice === undefined ? {} : { limitPrice }) };
  const errors = {
    [fields.symbol.block]: symbols.includes(symbol) ? undefined : unknownSymbol(symbol, symbols),
    [fields.quantity.block]: quantity === undefined ? badQuantity(text('quantity')) : undefined,
    [fields.limit.block]: limit && limitPrice === undefined ? badLimit(limit) : limitNeedsSide(order),
  };
  const wrong = Object.entries(errors).flatMap(([block, error]) => (error ? [[block, error] as const] : []));
  if (wrong.length > 0 || quantity === undefined) return { errors: Object.fromEntries(wrong) };
  const timeInForce = text('timeInForce') === 'ioc' ? 'ioc' : 'day';
  const { responseUrl } = JSON.parse(view.private_metadata);
  const ticket = { symbol, quantity, ...order, timeInForce, ...(note ? { note } : {}) } as const;
  return { ticket, responseUrl: String(responseUrl) };
}

function input({ block }: Field, label: string, element: InputBlock['element']): InputBlock {
  return { type: 'input', block_id: block, label: { type: 'plain_text', text: label }, element };
}

function option(label: string, value: string): PlainTextOption {
  return { text: { type: 'plain_text', text: label }, value };
}
