// The Lambda entry of the state Buy Stock: buys what people approved.
import { paperBroker } from './paper-broker.ts';
import { placeOrder } from './place-order.ts';

export const handler = placeOrder('buy', paperBroker());
