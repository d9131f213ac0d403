// What the person who typed `/trade` hears, privately. The listener of the command sends it.
import type { TradeRules, TradeTerms } from '../../domain/trading/trade-terms.ts';
import { shares } from '../../domain/trading/recommendation.ts';

export function tradeStarted({ symbol, quantity }: TradeTerms, channel: string): string {
  return `Checking ${symbol}: a request for ${shares(quantity)} ${quantity === 1 ? 'share' : 'shares'} follows in <#${channel}>.`;
}

export function tradeRefused(why: string, rules: TradeRules): string {
  return `:warning: ${why}\nFor example: ${example(rules)}`;
}

export function tradeHelp({ symbols, defaultQuantity }: TradeRules): string {
  return [
    '`/trade` opens a form, with room for a note.',
    `${example({ symbols, defaultQuantity })} asks at once: the price is checked, buying or selling recommended, and approval asked for in the channel. Without a number it is ${defaultQuantity} shares.`,
    `Symbols: ${symbols.join(', ')}.`,
    '`/trade pending` shows what waits, `/trade status` what you asked for, `/trade status AMZN-3f9c` an execution, `/trade cancel AMZN-3f9c` stops one.',
    'For those who may approve: `/trade audit 2026-11` sends, as a file, what people did in that month.',
  ].join('\n');
}

function example({ symbols, defaultQuantity }: TradeRules): string {
  return `\`/trade ${symbols[0]} ${defaultQuantity}\``;
}
