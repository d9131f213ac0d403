// The state Sell Stock: sells what people approved.
import { paperBroker, placeOrder } from './place-order.ts';

export const handler = placeOrder('sell', paperBroker());
