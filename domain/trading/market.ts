// A simulated market: prices come from a seeded random walk, and nothing is stored or fetched. Every call for a symbol
// within the same minute returns the same price. The state Check Stock Price reads quotes from it.

export interface Quote {
  readonly symbol: string;
  /** USD a share. */
  readonly price: number;
  /** Mean of the last hour's prices, USD a share. */
  readonly average: number;
  /** The minute of the price, ISO 8601. */
  readonly at: string;
}

/** Milliseconds. */
const MINUTE = 60_000;
/** Minutes, like `HOUR`. */
const DAY = 1_440;
const HOUR = 60;
/** The largest random change of a price in one minute, as a fraction of the price. */
const STEP = 0.002;

export function quote(symbol: string, now: Date): Quote {
  const minute = Math.floor(now.getTime() / MINUTE);
  const lastHour = walk(symbol, minute).slice(-HOUR);
  const price = lastHour.at(-1) ?? 0;
  const average = cents(lastHour.reduce((sum, each) => sum + each, 0) / lastHour.length);
  return { symbol, price, average, at: new Date(minute * MINUTE).toISOString() };
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
