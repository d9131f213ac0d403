// The Lambda entry of the state Sell Stock.
import { paperBroker } from './paper-broker.ts';
import { placeOrder } from './place-order.ts';

export const handler = placeOrder('sell', paperBroker());
