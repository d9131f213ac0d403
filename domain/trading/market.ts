// A simulated market: prices come from a seeded random walk, and nothing is fetched. Every call for a symbol within the same
// minute returns the same quote. It is open around the clock, and its day ends at midnight UTC. Tests and demos can tell it
// what happens to a symbol: `aws/trading/market.ts` stores that. The paper broker fills orders at its quotes.

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
  /** How many shares one order can trade in this minute. Absent if the quantity is not limited. */
  readonly shares?: number;
}

/**
 * A change of the quotes of one symbol, for tests and demos. It lasts until the next event of the symbol starts. Events are
 * added and never changed, and none starts in the past, because past quotes explain past fills.
 */
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
  /** How many shares one order can trade in each minute. Not limited if absent. */
  readonly shares?: number | undefined;
}

/** Returns the quote at a time, or undefined if there is none. */
export type Quotes = (at: Date) => Quote | undefined;

/** Milliseconds. */
const MINUTE = 60_000;
/** Minutes, like `HOUR`. */
const DAY = 1_440;
const HOUR = 60;
const DAY_MS = DAY * MINUTE;
/** The largest random change of a price in one minute, as a fraction of the price. */
const STEP = 0.002;

/** Undefined if there is no quote. @param events in any order; of two that start at once, the later in the list counts */
export function quote(symbol: string, now: Date, events: readonly MarketEvent[] = []): Quote | undefined {
  return quotesOf(symbol, events)(now);
}

/**
 * The same quotes as {@link quote}, for reading many of one symbol. A quote costs up to 2,880 steps of the random walk; all
 * quotes of one day together cost as many, because the reader keeps the walk.
 */
export function quotesOf(symbol: string, events: readonly MarketEvent[] = []): Quotes {
  const price = createWalk(symbol);
  return (now) => {
    const event = eventAt(now.getTime(), events);
    if (event?.hasNoQuote) return undefined;
    const { factor = 1, ageSeconds = 0, spreadPercent, shares: traded } = event ?? {};
    const minute = Math.floor((now.getTime() - ageSeconds * 1_000) / MINUTE);
    if (!Number.isFinite(minute)) return undefined;
    const lastHour = Array.from({ length: HOUR }, (_, index) => price(minute - HOUR + 1 + index));
    const last = cents((lastHour.at(-1) ?? 0) * factor);
    const average = cents(lastHour.reduce((sum, each) => sum + each, 0) / HOUR);
    const spread = spreadPercent === undefined ? usualSpread(symbol, minute) : spreadPercent / 100;
    // Half a spread is at least one cent, the smallest step of a price.
    const half = Math.max(0.01, cents((last * spread) / 2));
    const [bid, ask] = [cents(last - half), cents(last + half)];
    // A malformed event gives no quote.
    const isPrice = [last, bid, ask].every((each) => Number.isFinite(each) && each > 0);
    const isQuantity = traded === undefined || (Number.isInteger(traded) && traded >= 0);
    if (!isPrice || !isQuantity) return undefined;
    const at = new Date(minute * MINUTE).toISOString();
    return { symbol, price: last, bid, ask, average, at, ...(traded !== undefined && { shares: traded }) };
  };
}

/** The day of a symbol until now. */
export interface MarketDay {
  /** The lowest and the highest price of a trade, and the last price of the day before, USD a share. */
  readonly low: number;
  readonly high: number;
  readonly previousClose: number;
  /** Prices of the last hour, three minutes apart, the oldest first. */
  readonly lastHour: readonly PricePoint[];
}

export interface PricePoint {
  /** ISO 8601. */
  readonly at: string;
  /** USD a share. */
  readonly price: number;
}

/** Minutes between two prices of the last hour. Slack draws at most 20 points. */
const CHART_STEP = 3;

/** Undefined if there is no quote. */
export function marketDay(
  symbol: string,
  now: Date,
  events: readonly MarketEvent[] = [],
): MarketDay | undefined {
  const quotes = quotesOf(symbol, events);
  const price = (at: number) => quotes(new Date(at))?.price;
  const opening = now.getTime() - (now.getTime() % DAY_MS);
  const today = Array.from({ length: (now.getTime() - opening) / MINUTE + 1 }, (_, minute) =>
    price(opening + minute * MINUTE),
  ).filter((each) => each !== undefined);
  if (price(now.getTime()) === undefined) return undefined;
  const lastHour = Array.from({ length: HOUR / CHART_STEP }, (_, index) => {
    const at = now.getTime() - (HOUR / CHART_STEP - 1 - index) * CHART_STEP * MINUTE;
    return { at: new Date(at).toISOString(), price: price(at) };
  }).flatMap(({ at, price: found }) => (found === undefined ? [] : [{ at, price: found }]));
  const [first = 0] = today;
  return {
    low: Math.min(...today),
    high: Math.max(...today),
    previousClose: price(opening - MINUTE) ?? first,
    lastHour,
  };
}

/** When the market that is open at this time closes: the next midnight UTC. */
export function closesAt(now: Date): Date {
  return new Date((Math.floor(now.getTime() / DAY_MS) + 1) * DAY_MS);
}

/** The last event that has started. It replaces the earlier ones as a whole. */
function eventAt(time: number, events: readonly MarketEvent[]): MarketEvent | undefined {
  return events
    .filter(({ since }) => Date.parse(since) <= time)
    .reduce<MarketEvent | undefined>(
      (latest, each) => (latest && Date.parse(latest.since) > Date.parse(each.since) ? latest : each),
      undefined,
    );
}

/** As a fraction of the price: 0.0001 to 0.0005. */
function usualSpread(symbol: string, minute: number): number {
  return 0.0001 + 0.0004 * random(seed(`${symbol} spread ${minute}`))();
}

/** The price of any minute. Keeps the days that were read, each up to the last minute that was needed. */
function createWalk(symbol: string): (minute: number) => number {
  const days = new Map<number, (index: number) => number>();
  return (minute) => {
    const number = Math.floor(minute / DAY);
    const prices = days.get(number) ?? createDay(symbol, number);
    days.set(number, prices);
    return prices(minute - number * DAY);
  };
}

/** The price of each minute of a day. Each day has its own opening price. */
function createDay(symbol: string, number: number): (index: number) => number {
  const chance = random(seed(`${symbol} ${number}`));
  const opening = basePrice(symbol) * (0.97 + 0.06 * chance());
  const prices: number[] = [];
  let price = opening;
  return (index) => {
    while (prices.length <= index) {
      // The last term moves the price towards the opening price, which limits the drift over a day.
      price *= 1 + STEP * (2 * chance() - 1) + 0.01 * (opening / price - 1);
      prices.push(cents(price));
    }
    return prices[index] ?? 0;
  };
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
