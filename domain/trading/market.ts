// A simulated market: prices come from a seeded random walk, and nothing is fetched. Every call for a symbol within the same
// minute returns the same quote. Tests and demos can tell it what happens to a symbol: `aws/trading/market.ts` stores that.

export interface Quote {
  readonly symbol: string;
  /** The price of the last trade, USD a share. */
  readonly price: number;
  /** The highest price that a buyer offers, USD a share. */
  readonly bid: number;
  /** The lowest price that a seller asks, USD a share. */
  readonly ask: number;
  /** Mean of the last hour's prices, USD a share. */
  readonly average: number;
  /** The minute of the quote, ISO 8601. */
  readonly at: string;
}

/** A change of the quotes of one symbol, for tests and demos. */
export interface MarketEvent {
  /** When it starts, ISO 8601. */
  readonly since: string;
  /** Prices are multiplied by it. 0.5 halves them. */
  readonly factor?: number | undefined;
  /** Bid to ask, in percent of the price. */
  readonly spreadPercent?: number | undefined;
  /** How old each quote is, in seconds. */
  readonly ageSeconds?: number | undefined;
  /** True if there is no quote. */
  readonly hasNoQuote?: boolean | undefined;
}

/** Milliseconds. */
const MINUTE = 60_000;
/** Minutes, like `HOUR`. */
const DAY = 1_440;
const HOUR = 60;
/** The largest random change of a price in one minute, as a fraction of the price. */
const STEP = 0.002;

/** Undefined if there is no quote. */
export function quote(symbol: string, now: Date, event?: MarketEvent): Quote | undefined {
  const happening: Partial<MarketEvent> = event && Date.parse(event.since) <= now.getTime() ? event : {};
  if (happening.hasNoQuote) return undefined;
  const { factor = 1, ageSeconds = 0, spreadPercent } = happening;
  const minute = Math.floor((now.getTime() - ageSeconds * 1_000) / MINUTE);
  if (!Number.isFinite(minute)) return undefined;
  const lastHour = walk(symbol, minute).slice(-HOUR);
  const price = cents((lastHour.at(-1) ?? 0) * factor);
  const average = cents(lastHour.reduce((sum, each) => sum + each, 0) / lastHour.length);
  const spread = spreadPercent === undefined ? usualSpread(symbol, minute) : spreadPercent / 100;
  // Half a spread is at least one cent, the smallest step of a price.
  const half = Math.max(0.01, cents((price * spread) / 2));
  const [bid, ask] = [cents(price - half), cents(price + half)];
  // A malformed event gives no quote.
  const isPrice = [price, bid, ask].every((each) => Number.isFinite(each) && each > 0);
  return isPrice
    ? { symbol, price, bid, ask, average, at: new Date(minute * MINUTE).toISOString() }
    : undefined;
}

/** As a fraction of the price: 0.0001 to 0.0005. */
function usualSpread(symbol: string, minute: number): number {
  return 0.0001 + 0.0004 * random(seed(`${symbol} spread ${minute}`))();
}

/** The price of each minute from the start of yesterday (UTC) to now. Each day has its own opening price. */
function walk(symbol: string, minute: number): number[] {
  const today = Math.floor(minute / DAY);
  return [...day(symbol, today - 1, DAY), ...day(symbol, today, (minute % DAY) + 1)];
}

function day(symbol: string, number: number, minutes: number): number[] {
  const chance = random(seed(`${symbol} ${number}`));
  const opening = basePrice(symbol) * (0.97 + 0.06 * chance());
  const prices: number[] = [];
  let price = opening;
  for (let index = 0; index < minutes; index++) {
    // The last term moves the price towards the opening price, which limits the drift over a day.
    price *= 1 + STEP * (2 * chance() - 1) + 0.01 * (opening / price - 1);
    prices.push(cents(price));
  }
  return prices;
}

/** USD 40 to USD 440, derived from the symbol. */
function basePrice(symbol: string): number {
  return 40 + 400 * random(seed(symbol))();
}

function cents(price: number): number {
  return Math.round(price * 100) / 100;
}

/** FNV-1a, 32 bits: http://www.isthe.com/chongo/tech/comp/fnv/ */
function seed(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return hash >>> 0;
}

/** Generates numbers from 0 (inclusive) to 1 (exclusive) by splitmix32. The same seed gives the same numbers. */
function random(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}
