// The Lambda entry of the state Check Order.
import { checkOrder } from './check-order.ts';
import { orderDependencies } from './order-dependencies.ts';

export const handler = checkOrder(orderDependencies());
