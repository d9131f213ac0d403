// The function of the state Cancel Order: cancels an order whose time is over, or that a person wants to cancel, and returns
// how it ended. An order that was filled meanwhile is reported as filled.
import { isWorking } from '../../domain/trading/orders.ts';
import { approvedOrder, checkSameTerms } from './approved-order.ts';
import { orderStep, type OrderStepDependencies } from './order-step.ts';
import { OrderUnknown, withUnknown } from './order-unknown.ts';
import { workOf } from './order-work-input.ts';

/** The broker has not ended the order yet. State machines match the error by this name. */
export class OrderNotOver extends Error {
  override readonly name = 'OrderNotOver';
}

export function cancelOrder(dependencies: OrderStepDependencies) {
  const { approvals, broker, reservations } = dependencies;
  const calls = withUnknown(broker);
  return async (input: unknown): Promise<object> => {
    const approved = await approvedOrder(input, approvals);
    const { id } = approved;
    const { cancelRequested } = workOf(approved.trade);
    const found = async () => {
      const order = await calls.find(id);
      if (!order) throw new OrderUnknown('The broker does not find the order that it accepted.');
      checkSameTerms(order, approved);
      return order;
    };
    let order = await found();
    const reservation = await reservations.get(id);
    if (isWorking(order)) {
      await calls.cancel(id);
      order = await found();
      if (isWorking(order)) throw new OrderNotOver('The broker has not cancelled the order yet.');
    }
    // An earlier attempt of this state may have settled the reservation, which had the request.
    const isRequested = cancelRequested || reservation?.cancelRequested;
    return orderStep(order, approved, undefined, dependencies, isRequested ? 'person' : 'time');
  };
}
