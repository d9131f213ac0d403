// The progress of an order that works: what people read in the thread while they wait, with a button that cancels the order.
// The states that place and check orders publish it.
import type { Order } from '../../domain/trading/orders.ts';
import { shares, usdPrice } from '../../domain/trading/prices.ts';
import { cancelOrderAction } from '../../domain/trading/cancel-order-action.ts';

/** @param workUntil ISO 8601 */
export function orderProgress(order: Order, workUntil: string): object {
  const { side, symbol, quantity, limitPrice, filled, averagePrice } = order;
  const rest = `at ${usdPrice(Number(limitPrice))} or ${side === 'buy' ? 'less' : 'more'}`;
  const until = `${workUntil.slice(11, 16)} UTC`;
  const action = side === 'buy' ? 'Bought' : 'Sold';
  const text =
    filled === 0 || averagePrice === undefined
      ? `The order to ${side} ${shares(quantity)} ${symbol} ${rest} is at the broker. What is not filled by ${until} is cancelled.`
      : `${action} ${shares(filled)} of ${shares(quantity)} ${symbol} at ${usdPrice(averagePrice)}. The other ${shares(quantity - filled)} are cancelled if they are not filled ${rest} by ${until}.`;
  return {
    text,
    emoji: ':hourglass_flowing_sand:',
    button: {
      label: 'Cancel order',
      action: cancelOrderAction,
      confirm: 'What was filled stays. What is not filled is cancelled within a minute.',
    },
  };
}
