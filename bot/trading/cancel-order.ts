// Cancels a working order for a person: notes the request, which Check Order sees at its next look, and says in the thread who
// made it. The button Cancel order and `/trade cancel` call it.
import type { CancelledBy, Pressed, PublicBot } from 'countersign/bot';
import type { Reservations } from '../../aws/trading/reservations.ts';
import type { Reservation } from '../../domain/trading/reservation-state.ts';
import { orderId } from '../../domain/trading/order-id.ts';
import {
  alreadyCancelling,
  mayNotCancel,
  orderCancelledBy,
  orderCancelling,
  orderOver,
  orderUnknown,
} from '../../slack/trading/views/order-answers.ts';

interface CancelRequests {
  requestCancel(
    ...args: Parameters<Reservations['requestCancel']>
  ): Promise<Pick<Reservation, 'cancelRequested'> | { readonly refused: string }>;
}

export interface CancelOrderDependencies extends Pick<PublicBot['dependencies'], 'log'> {
  readonly reservations: () => CancelRequests;
  readonly now: () => Date;
}

/** Answers before it tells the thread, because Slack waits three seconds for the answer. */
export async function cancelOrder(
  pressed: Pressed | undefined,
  { by, answer, slack }: CancelledBy,
  { reservations, now, log }: CancelOrderDependencies,
): Promise<void> {
  if (!pressed) return answer(orderUnknown);
  if (!pressed.mayAct) return answer(mayNotCancel);
  if (pressed.isOver) return answer(orderOver);
  const { execution, executionArn, approval, channel, ts } = pressed;
  const at = now().toISOString();
  const requested = await reservations().requestCancel(orderId(executionArn, approval), { by, at });
  if ('refused' in requested) return answer(orderOver);
  const first = requested.cancelRequested;
  if (first && (first.by !== by || first.at !== at)) return answer(alreadyCancelling(first.by));
  log('order_cancel_requested', { execution, by });
  await answer(orderCancelling());
  if (ts) await slack.chat.postMessage({ channel, thread_ts: ts, text: orderCancelledBy(by) });
}
