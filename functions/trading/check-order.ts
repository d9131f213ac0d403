// The function of the state Check Order: looks at an order that works, and says whether to wait, to cancel, or how it ended.
import { approvedOrder, checkSameTerms } from './approved-order.ts';
import { orderStep, type OrderStepDependencies } from './order-step.ts';
import { OrderUnknown, withUnknown } from './order-unknown.ts';
import { workOf } from './order-work-input.ts';

export function checkOrder(dependencies: OrderStepDependencies) {
  const { approvals, broker, reservations } = dependencies;
  return async (input: unknown): Promise<object> => {
    const approved = await approvedOrder(input, approvals);
    const work = workOf(approved.trade);
    const order = await withUnknown(broker).find(approved.id);
    if (!order) throw new OrderUnknown('The broker does not find the order that it accepted.');
    checkSameTerms(order, approved);
    const [reservation, output] = [
      await reservations.get(approved.id),
      await orderStep(order, approved, work, dependencies),
    ];
    return reservation?.cancelRequested ? cancelNext(output) : output;
  };
}

/** A person asked to cancel the order, so it does not wait. Cancel Order also reads this after the reservation is settled. */
function cancelNext(output: object): object {
  if (!('order' in output)) return output;
  return { ...output, order: { ...Object(output.order), next: 'cancel', cancelRequested: true } };
}
