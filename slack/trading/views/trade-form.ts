// The form that `/trade` opens: symbol, quantity and note. The same rules apply to its fields as to the text of the
// command, and errors are shown at the fields.
import type { ModalView, PlainTextOption } from '@slack/types';
import { MAX_NOTE, readTicket, type TradeRules, type Ticket } from '../../../domain/trading/ticket.ts';
import { limits } from '../../views/limits.ts';
import { type SubmittedView, valueOf } from '../../views/submitted-view.ts';

export const tradeFormId = 'trade_form';

const fields = {
  symbol: { block: 'symbol', action: 'symbol' },
  quantity: { block: 'quantity', action: 'quantity' },
  note: { block: 'note', action: 'note' },
} as const;

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
      {
        type: 'input',
        block_id: fields.symbol.block,
        label: { type: 'plain_text', text: 'Symbol' },
        element: {
          type: 'static_select',
          action_id: fields.symbol.action,
          placeholder: { type: 'plain_text', text: 'Choose a symbol' },
          options: symbols.slice(0, limits.selectOptions).map(option),
        },
      },
      {
        type: 'input',
        block_id: fields.quantity.block,
        label: { type: 'plain_text', text: 'Quantity' },
        hint: {
          type: 'plain_text',
          text: 'Number of shares. The price decides whether buying or selling is recommended.',
        },
        element: {
          type: 'number_input',
          action_id: fields.quantity.action,
          is_decimal_allowed: false,
          initial_value: String(defaultQuantity),
        },
      },
      {
        type: 'input',
        block_id: fields.note.block,
        optional: true,
        label: { type: 'plain_text', text: 'Note' },
        hint: { type: 'plain_text', text: 'Everyone in the channel sees it.' },
        element: {
          type: 'plain_text_input',
          action_id: fields.note.action,
          multiline: true,
          max_length: MAX_NOTE,
        },
      },
    ],
  };
}

export type TradeForm =
  | { readonly ticket: Ticket; readonly note?: string; readonly responseUrl: string }
  | { readonly errors: Readonly<Record<string, string>> };

/** Returns the submitted ticket, or an error message for each invalid field, by block id. */
export function readTradeForm(view: SubmittedView, rules: TradeRules): TradeForm {
  const symbol = valueOf(view, fields.symbol) ?? '';
  const quantity = valueOf(view, fields.quantity) ?? '';
  const note = valueOf(view, fields.note)?.trim();
  const symbolOnly = readTicket(symbol, rules);
  if ('refused' in symbolOnly) return { errors: { [fields.symbol.block]: symbolOnly.refused } };
  const ticket = readTicket(`${symbol} ${quantity}`, rules);
  if ('refused' in ticket) return { errors: { [fields.quantity.block]: ticket.refused } };
  const { responseUrl } = JSON.parse(view.private_metadata);
  return { ticket, responseUrl: String(responseUrl), ...(note ? { note } : {}) };
}

function option(symbol: string): PlainTextOption {
  return { text: { type: 'plain_text', text: symbol }, value: symbol };
}
