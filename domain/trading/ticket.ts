// Reads and validates a ticket: what a person asks to trade. The listeners of `/trade` and its form call it with what
// the person typed. The state Check Stock Price applies the same limits to the input of every execution.
import { shares } from './recommendation.ts';

export interface Ticket {
  readonly symbol: string;
  /** Shares. */
  readonly quantity: number;
}

export interface TradeRules {
  /** Symbols that may be traded. */
  readonly symbols: readonly string[];
  /** Number of shares if no quantity is given. */
  readonly defaultQuantity: number;
}

/** Maximum length of a note in characters, so that people can read the note on a phone. */
export const MAX_NOTE = 500;

/** Maximum number of shares in one trade. */
export const MAX_QUANTITY = 1_000_000;

export type ReadTicket = Ticket | { readonly refused: string };

/** Reads `AMZN 10` or `AMZN`. If the text is refused, returns a message for the person who typed it. */
export function readTicket(text: string, rules: TradeRules): ReadTicket {
  // Stryker disable next-line StringLiteral: a split text has at least one part
  const [name = '', amount, ...rest] = text.trim().split(/\s+/);
  if (rest.length > 0)
    return { refused: 'That is more than a symbol and a quantity; a note goes into the form, `/trade`.' };
  const symbol = name.toUpperCase();
  if (!rules.symbols.includes(symbol)) return { refused: unknownSymbol(symbol, rules.symbols) };
  const quantity = amount === undefined ? rules.defaultQuantity : wholeNumber(amount);
  if (!isQuantity(quantity)) return { refused: badQuantity() };
  return { symbol, quantity };
}

export function isQuantity(quantity: number): boolean {
  return Number.isInteger(quantity) && quantity >= 1 && quantity <= MAX_QUANTITY;
}

export function unknownSymbol(symbol: string, symbols: readonly string[]): string {
  return `${/^[A-Z.]{1,10}$/.test(symbol) ? `${symbol} is` : 'That is'} not a symbol that can be traded here. These are: ${symbols.join(', ')}.`;
}

export function badQuantity(): string {
  return `The quantity must be a whole number of shares from 1 to ${shares(MAX_QUANTITY)}.`;
}

/** Accepts `1000` and `1,000`. Returns NaN for any other text. */
function wholeNumber(text: string): number {
  const digits = text.replaceAll(/(?<=\d),(?=\d{3}(?!\d))/g, '');
  return /^\d{1,10}$/.test(digits) ? Number(digits) : Number.NaN;
}
