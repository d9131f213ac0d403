// Formats amounts of money: `USD 1,822.50`. Views and workflows write amounts in requests and results with it.

/** Created when first used, because its creation would slow every cold start as much as reading a secret. */
let format: Intl.NumberFormat | undefined;

/** @param amount in USD */
export function usd(amount: number): string {
  format ??= new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  return `USD ${format.format(amount)}`;
}

/** Converts USD to whole US cents. Sums and products of whole cents have no floating-point errors. */
export function toCents(amount: number): number {
  return Math.round(amount * 100);
}
