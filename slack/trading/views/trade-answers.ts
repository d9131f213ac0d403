// The private answers to `/trade`. The listeners of the command and its form send them.
import { shares, usdPrice } from '../../../domain/trading/prices.ts';
import type { Ticket, TicketRefused, TradeRules } from '../../../domain/trading/ticket.ts';
import { TIME_IN_FORCE_NAMES } from '../../../domain/trading/trade-terms.ts';
import { type Command, commandHelp, suggestion } from '../../views/command.ts';
import { escapeMrkdwn, quotation } from '../../views/mrkdwn.ts';

export function tradeStarted(ticket: Ticket, channel: string): string {
  return `Checking: ${summary(ticket)}. If it passes, the request appears in <#${channel}>. If not, you get a direct message.`;
}

/** @param text what the person typed after the command's name */
export function tradeRefused(
  ticket: TicketRefused,
  text: string,
  rules: TradeRules,
  command: Command,
): string {
  const [word = ''] = text.trim().split(/\s/);
  const meant = suggestion(word, command);
  if (meant) return `:warning: ${meant}`;
  const understood = summary(ticket.understood);
  return [
    `:warning: ${escapeMrkdwn(ticket.refused)}`,
    ...(understood ? [`Understood: ${escapeMrkdwn(understood)}.`] : []),
    `For example: ${example(rules, command)}`,
  ].join('\n');
}

export function tradeHelp(rules: TradeRules, command: Command): string {
  const { symbols, defaultQuantity } = rules;
  const [symbol] = symbols;
  return [
    `\`${command.name}\` opens a form.`,
    `${example(rules, command)} checks the order and requests approval in the channel. Without \`buy\` or \`sell\`, the side is recommended. The default quantity is ${defaultQuantity}.`,
    `\`${command.name} sell ${symbol} 10 limit 184.50 ioc -- rebalancing\` requests to sell at USD 184.50 or better. \`ioc\`: immediate or cancel. A note follows \`--\`.`,
    `Symbols: ${symbols.join(', ')}.`,
    `\`${command.name} positions\` shows the cash, the positions and the open orders.`,
    commandHelp(command),
  ].join('\n');
}

/** `buy 10 AMZN, limit USD 184.50, immediate or cancel`. Empty if the ticket is. */
function summary({ side, quantity, symbol, limitPrice, timeInForce, note }: Partial<Ticket>): string {
  const trade = [side, quantity === undefined ? undefined : shares(quantity), symbol]
    .filter(Boolean)
    .join(' ');
  const limit = limitPrice && `limit ${usdPrice(Number(limitPrice))}`;
  const order = [trade, limit, timeInForce && TIME_IN_FORCE_NAMES[timeInForce]].filter(Boolean).join(', ');
  return note ? `${order}, with the note ${quotation(note)}` : order;
}

function example({ symbols, defaultQuantity }: TradeRules, { name }: Command): string {
  return `\`${name} buy ${symbols[0]} ${defaultQuantity}\``;
}
