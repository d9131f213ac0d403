// The Lambda entry of the state Sell Stock.
import { placeOrderDependencies } from './order-dependencies.ts';
import { placeOrder } from './place-order.ts';

export const handler = placeOrder('sell', placeOrderDependencies());
