// The Lambda entry of the state Buy Stock.
import { placeOrderDependencies } from './order-dependencies.ts';
import { placeOrder } from './place-order.ts';

export const handler = placeOrder('buy', placeOrderDependencies());
