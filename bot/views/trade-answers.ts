// What the person who typed `/trade` hears, privately. The listener of the command sends it.
import type { TradeRules, TradeTerms } from '../../domain/trading/trade-terms.ts';
import { shares } from '../../domain/trading/recommendation.ts';

export function tradeStarted({ symbol, quantity }: TradeTerms, channel: string): string {
  return `Checking ${symbol}. A recommendation for ${shares(quantity)} ${symbol} comes to <#${channel}> in a moment, for approval there.`;
}

export function tradeRefused(why: string, rules: TradeRules): string {
  return `:warning: ${why} For example: ${example(rules)}`;
}

export function tradeHelp({ symbols, defaultQuantity }: TradeRules): string {
  return [
    `${example({ symbols, defaultQuantity })} checks the price of ${symbols[0]}, recommends to buy or sell ${defaultQuantity} shares, and asks for approval in the channel.`,
    `\`/trade ${symbols[0]}\` does the same for ${defaultQuantity} shares, where none are named.`,
    '`/trade help` shows this.',
    `Symbols: ${symbols.join(', ')}.`,
  ].join('\n');
}

function example({ symbols, defaultQuantity }: TradeRules): string {
  return `\`/trade ${symbols[0]} ${defaultQuantity}\``;
}
