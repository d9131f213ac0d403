// Reads and validates a ticket: what a person asks to trade. The listeners of `/trade` and its form call it with what
// the person typed. The state Check Stock Price applies the same limits to the input of every execution.
import { PRICE_RULE, readPrice, shares, type Side } from './prices.ts';
import { TIMES_IN_FORCE, type TimeInForce } from './trade-terms.ts';

/** The input of an execution has the same members, and needs only `symbol`. */
export interface Ticket {
  readonly symbol: string;
  /** Shares. */
  readonly quantity: number;
  /** Absent for the recommended side. */
  readonly side?: Side;
  /** The worst price, USD a share. Absent for the default. A limit needs a side. */
  readonly limitPrice?: string;
  readonly timeInForce?: TimeInForce;
  readonly note?: string;
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

/** A message for the person who typed the text, and the part of the ticket that was understood. */
export interface TicketRefused {
  readonly refused: string;
  readonly understood: Partial<Ticket>;
}

export type ReadTicket = Ticket | TicketRefused;

/**
 * Reads words in any order and case: `AMZN`, `buy AMZN 10`, `sell 10 $AMZN limit 184.50 ioc -- note`. Slack may replace
 * the two hyphens by a dash.
 */
export function readTicket(text: string, rules: TradeRules): ReadTicket {
  const [, order = '', dash = '', note = ''] =
    /^(.*?)(?:(?:^|\s+)(--|[–—])(?:\s+(.*))?)?$/s.exec(text.trim()) ?? [];
  const understood: Draft = {};
  const [firstOfNote = ''] = note.split(/\s/);
  if (/^[–—]$/.test(dash) && /^(buy|sell|limit|at|[@$\d].*)$/i.test(firstOfNote))
    return { refused: `Is “${visible(note)}” a note? Then write -- before it.`, understood };
  // Stryker disable next-line MethodExpression: an empty word is skipped
  const words = order.split(/\s+/).filter(Boolean);
  let wrong: string | undefined;
  // Continues after an error, so that the answer says what was understood.
  while (words.length > 0) {
    const error = readWords(words, understood, rules);
    wrong ??= error;
  }
  if (wrong) return { refused: wrong, understood };
  if (note.length > MAX_NOTE)
    return { refused: `The note must be at most ${MAX_NOTE} characters.`, understood };
  const { symbol, quantity = rules.defaultQuantity, ...others } = understood;
  if (symbol === undefined)
    return { refused: `The symbol is missing. ${tradable(rules.symbols)}`, understood };
  const refused = limitNeedsSide(others);
  if (refused) return { refused, understood };
  return { symbol, quantity, ...others, ...(note ? { note } : {}) };
}

type Draft = { -readonly [Member in keyof Ticket]?: Ticket[Member] };

/** Takes the first word, and the price after `limit`. Returns what is wrong with it. */
function readWords(words: string[], draft: Draft, rules: TradeRules): string | undefined {
  const [word = ''] = words.splice(0, 1);
  const lower = word.toLowerCase();
  if (/^(shares?|of)$/.test(lower)) return undefined;
  if (lower === 'buy' || lower === 'sell') return set(draft, 'side', lower);
  const timeInForce = TIMES_IN_FORCE.find((each) => each === lower);
  if (timeInForce) return set(draft, 'timeInForce', timeInForce);
  if (/^(limit|at|@.*)$/.test(lower)) {
    const price = lower.length > 1 && lower.startsWith('@') ? lower.slice(1) : (words.shift() ?? '');
    return MARKET.test(price) ? LIMIT_ORDERS_ONLY : readLimit(price, draft);
  }
  if (/^[-+.]?\p{N}/u.test(word)) {
    const quantity = readQuantity(word);
    return quantity === undefined ? badQuantity(word) : set(draft, 'quantity', quantity);
  }
  const symbol = word.replace(/^\$/, '').toUpperCase();
  if (rules.symbols.includes(symbol)) return set(draft, 'symbol', symbol);
  if (MARKET.test(word)) return LIMIT_ORDERS_ONLY;
  if (/^(gtc|gtd|fok|opg|cls)$/.test(lower)) return `The time in force must be day or ioc, not ${lower}.`;
  return unknownSymbol(symbol, rules.symbols);
}

const MARKET = /^(market|mkt)$/i;
const LIMIT_ORDERS_ONLY =
  'Only limit orders can be placed. Leave out the limit to get one close to the price.';

function readLimit(price: string, draft: Draft): string | undefined {
  const limitPrice = readPrice(price);
  return limitPrice === undefined ? badLimit(price) : set(draft, 'limitPrice', limitPrice);
}

/** Returns what is wrong: the text names two different values for the same member. */
function set<Name extends keyof Draft>(draft: Draft, name: Name, value: Draft[Name]): string | undefined {
  const earlier = draft[name];
  if (earlier !== undefined && earlier !== value) return `You typed both ${earlier} and ${value}. Use one.`;
  draft[name] = value;
  return undefined;
}

export function limitNeedsSide({
  side,
  limitPrice,
}: {
  readonly side?: Side | undefined;
  readonly limitPrice?: string | undefined;
}): string | undefined {
  return limitPrice !== undefined && side === undefined ? 'A limit needs a side: buy or sell.' : undefined;
}

/** Accepts `1000` and `1,000`. */
export function readQuantity(text: string): number | undefined {
  if (!/^(?:\d{1,3}(?:,\d{3})+|\d+)$/.test(text)) return undefined;
  const quantity = Number(text.replaceAll(',', ''));
  return isQuantity(quantity) ? quantity : undefined;
}

export function isQuantity(quantity: number): boolean {
  return Number.isInteger(quantity) && quantity >= 1 && quantity <= MAX_QUANTITY;
}

export function unknownSymbol(symbol: string, symbols: readonly string[]): string {
  const name = visible(symbol);
  const hidden = invisibleError(symbol);
  if (hidden) return hidden;
  if (/^[A-Z]+\/[A-Z]+$/.test(symbol))
    return `${name} is a pair, and only shares can be traded here. ${tradable(symbols)}`;
  return `${/^[A-Z.]{1,10}$/.test(symbol) ? `${name} is` : `“${name}” is`} not a symbol that can be traded here. ${tradable(symbols)}`;
}

function tradable(symbols: readonly string[]): string {
  return `You can trade ${symbols.join(', ')}.`;
}

export function badQuantity(text = ''): string {
  const rule = `a whole number of shares from 1 to ${shares(MAX_QUANTITY)}`;
  return invisibleError(text) ?? `The quantity must be ${rule}${butNot(text)}.`;
}

export function badLimit(text: string): string {
  return invisibleError(text) ?? `The limit must be ${PRICE_RULE}${butNot(text)}.`;
}

function butNot(text: string): string {
  return text ? `, not “${visible(text)}”` : '';
}

/** Characters such as a zero-width space, a soft hyphen or a variation selector: https://www.unicode.org/reports/tr44/ */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;

/** The typed text without invisible characters, at most 40 characters. */
function visible(text: string): string {
  return text
    .replaceAll(INVISIBLE, '')
    .slice(0, 40)
    .replace(/[\uD800-\uDBFF]$/, '');
}

function invisibleError(text: string): string | undefined {
  return text.search(INVISIBLE) < 0
    ? undefined
    : `“${visible(text)}” has an invisible character. Type it instead of pasting it.`;
}
