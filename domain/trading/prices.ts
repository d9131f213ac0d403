// Prices of shares, in USD a share. A price that people approve is a text in one canonical form, such as `184.50`, because
// its digest is compared. Amounts are computed with whole numbers, which have no floating-point errors.
import { usd } from '../usd.ts';

export type Side = 'buy' | 'sell';

/** USD a share. */
const MAX_PRICE = 100_000;

/** Hundredths of a US cent in a dollar. The smallest step of a price is one of them. */
const UNITS_PER_USD = 10_000;

/**
 * Reads `184.5`, `$184.50` or `1,184.50`. Returns the canonical text, or undefined for anything else. From USD 1 on, a price
 * has two decimals, below four (rule 612 of Regulation NMS): https://www.law.cornell.edu/cfr/text/17/242.612
 */
export function readPrice(text: string): string | undefined {
  const match = /^\$?((?:\d{1,3}(?:,\d{3})+|\d{1,6})(?:\.\d{1,4})?)$/.exec(text);
  const price = Number(match?.[1]?.replaceAll(',', ''));
  if (!(price > 0 && price <= MAX_PRICE)) return undefined;
  const canonical = priceText(price);
  return Number(canonical) === price ? canonical : undefined;
}

export const PRICE_RULE = `a price up to USD ${MAX_PRICE.toLocaleString('en-US')} with at most two decimals (four below USD 1), such as 184.50`;

/** Rounds to a valid price in this direction. Never returns zero. */
export function roundPrice(price: number, direction: 'up' | 'down'): string {
  const step = price < 1 ? 1 : 100;
  // Removes the error of a floating-point product, which would move a whole number to the next step.
  const steps = Number(((price * UNITS_PER_USD) / step).toFixed(6));
  const rounded = Math.max(1, direction === 'up' ? Math.ceil(steps) : Math.floor(steps)) * step;
  return priceText(rounded / UNITS_PER_USD);
}

function priceText(price: number): string {
  return price.toFixed(price < 1 ? 4 : 2);
}

/** A price as people read it: `USD 184.50`. */
export function usdPrice(price: number): string {
  return price < 1 ? `USD ${priceText(price)}` : usd(price);
}

/** Price × quantity in USD, rounded up to a whole cent. @param price USD a share, with at most four decimals */
export function notional(price: number, quantity: number): number {
  return Math.ceil((Math.round(price * UNITS_PER_USD) * quantity) / 100) / 100;
}

/** Formats a number of shares: `1,000`. */
export function shares(quantity: number): string {
  return quantity.toLocaleString('en-US');
}
