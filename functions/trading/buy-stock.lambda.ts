// The Lambda entry of the state Buy Stock.
import { paperBroker } from './paper-broker.ts';
import { placeOrder } from './place-order.ts';

export const handler = placeOrder('buy', paperBroker());
