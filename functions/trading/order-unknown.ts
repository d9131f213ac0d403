// Calls the broker, and turns every failure that leaves an order in doubt into one error. The states that place, check and
// cancel orders use it.
import { type Broker, OrderRejected } from '../../aws/trading/broker.ts';

/**
 * It is not known what became of an order: the broker did not answer, or not in a form that can be trusted. The state machine
 * matches the error by this name and tries the state again, which begins with a look-up.
 */
export class OrderUnknown extends Error {
  override readonly name = 'OrderUnknown';
}

/** A broker that has not answered by then is treated as away. Several calls fit into the timeout of a state's function. */
export const BROKER_TIMEOUT_MS = 5_000;

type OrderCalls = 'place' | 'find' | 'cancel';

/** The same broker, whose calls about orders throw {@link OrderUnknown} unless the broker gave a final answer in time. */
export function withUnknown(broker: Broker, timeoutMs = BROKER_TIMEOUT_MS): Pick<Broker, OrderCalls> {
  const certain = async <Answer>(what: string, call: (signal: AbortSignal) => Promise<Answer>) => {
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      return await Promise.race([call(signal), rejectionOf(signal)]);
    } catch (error) {
      if (error instanceof OrderRejected) throw error;
      throw new OrderUnknown(`The broker did not say whether it could ${what}.`, { cause: error });
    }
  };
  return {
    place: (order) => certain('place the order', (signal) => broker.place(order, signal)),
    find: (id) => certain('find the order', () => broker.find(id)),
    cancel: (id) => certain('cancel the order', () => broker.cancel(id)),
  };
}

function rejectionOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
