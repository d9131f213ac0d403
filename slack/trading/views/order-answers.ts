// The private answers to people who cancel an order, or ask for the account's positions. The listeners of the trading bot send it.
import type { AccountSummary, Order, Position } from '../../../domain/trading/orders.ts';
import { shares, usdPrice } from '../../../domain/trading/prices.ts';
import { usd } from '../../../domain/usd.ts';

export const orderUnknown = 'This order is not known here.';
export const mayNotCancel = 'Only the requester and the approvers can cancel this order.';
export const orderOver = 'There is nothing to cancel: the order is over.';

export function orderCancelling(): string {
  return 'The order is being cancelled. This takes up to a minute. What was filled stays.';
}

/** @param by Slack user id of the person who asked first */
export function alreadyCancelling(by: string): string {
  return `<@${by}> is cancelling this order already.`;
}

/** The reply in the thread. */
export function orderCancelledBy(by: string): string {
  return `<@${by}> cancels the order. What was filled stays.`;
}

/** @param channel Slack channel id */
export function portfolioHidden(channel: string): string {
  return `Only members of <#${channel}> can see the positions.`;
}

export interface Portfolio {
  readonly account: AccountSummary;
  readonly positions: readonly Position[];
  readonly orders: readonly Order[];
}

export function portfolioAnswer({ account, positions, orders }: Portfolio): string {
  const { cash, availableCash } = account;
  const reserved = availableCash === cash ? '' : `, of which ${usd(cash - availableCash)} for open orders`;
  return [
    `*Cash* ${usd(cash)}${reserved}`,
    `*Positions* ${positions.length === 0 ? 'none' : ''}`,
    ...positions.map(positionLine),
    `*Open orders* ${orders.length === 0 ? 'none' : ''}`,
    ...orders.map(orderLine),
  ].join('\n');
}

function positionLine({ symbol, quantity, available }: Position): string {
  const reserved = available === quantity ? '' : `, ${shares(quantity - available)} of them for open orders`;
  return `• ${symbol}: ${shares(quantity)} shares${reserved}`;
}

function orderLine({ side, symbol, quantity, filled, limitPrice }: Order): string {
  return `• ${side} ${shares(quantity)} ${symbol}, limit ${usdPrice(Number(limitPrice))}, ${shares(filled)} filled`;
}
