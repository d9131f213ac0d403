// The Lambda entry of the state Cancel Order.
import { cancelOrder } from './cancel-order.ts';
import { orderDependencies } from './order-dependencies.ts';

export const handler = cancelOrder(orderDependencies());
