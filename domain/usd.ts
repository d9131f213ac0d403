// Amounts of money as people read them: `USD 1,822.50`. Requests and results are written with it.

const format = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** @param amount in USD */
export function usd(amount: number): string {
  return `USD ${format.format(amount)}`;
}

/** A product of a price and a quantity, in USD, free of the binary dust of floating point. */
export function toCents(amount: number): number {
  return Math.round(amount * 100);
}
