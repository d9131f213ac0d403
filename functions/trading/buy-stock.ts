// The state Buy Stock: buys what people approved.
import { paperBroker, placeOrder } from './place-order.ts';

export const handler = placeOrder('buy', paperBroker());
