// The private answers to `/trade`. The listeners of the command and its form send them.
import type { TradeRules, Ticket } from '../../../domain/trading/ticket.ts';
import { type Command, commandHelp, suggestion } from '../../views/command.ts';
import { shares } from '../../../domain/trading/recommendation.ts';

export function tradeStarted({ symbol, quantity }: Ticket, channel: string): string {
  return `Checking ${symbol}: a request for ${shares(quantity)} ${quantity === 1 ? 'share' : 'shares'} follows in <#${channel}>.`;
}

/** @param text what the person typed after the command's name */
export function tradeRefused(reason: string, text: string, rules: TradeRules, command: Command): string {
  const [word = ''] = text.trim().split(/\s/);
  const meant = suggestion(word, command);
  return `:warning: ${meant ?? `${reason}\nFor example: ${example(rules, command)}`}`;
}

export function tradeHelp(rules: TradeRules, command: Command): string {
  const { symbols, defaultQuantity } = rules;
  return [
    `\`${command.name}\` opens a form, with room for a note.`,
    `${example(rules, command)} asks at once: the price is checked, buying or selling recommended, and approval asked for in the channel. The default is ${defaultQuantity} shares.`,
    `Symbols: ${symbols.join(', ')}.`,
    commandHelp(command),
  ].join('\n');
}

function example({ symbols, defaultQuantity }: TradeRules, { name }: Command): string {
  return `\`${name} ${symbols[0]} ${defaultQuantity}\``;
}
