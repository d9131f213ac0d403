// Amounts of money as people read them: `USD 1,822.50`. Requests and results are written with it.

/** Made when the first amount is written, not when a function starts: it takes as long as reading a secret. */
let format: Intl.NumberFormat | undefined;

/** @param amount in USD */
export function usd(amount: number): string {
  format ??= new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  return `USD ${format.format(amount)}`;
}

/** An amount in USD as whole US cents: sums and products of these are free of the binary dust of floating point. */
export function toCents(amount: number): number {
  return Math.round(amount * 100);
}
