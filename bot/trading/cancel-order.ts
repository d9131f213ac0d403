// Cancels a working order for a person: notes the request, which Check Order sees at its next look, and says in the thread who
// made it. The button Cancel order and `/trade cancel` call it.
import type { Pressed, PublicBot } from 'countersign/bot';
import type { WebClient } from '@slack/web-api';
import type { Reservations } from '../../aws/trading/reservations.ts';
import { orderId } from '../../domain/trading/order-id.ts';
import {
  alreadyCancelling,
  mayNotCancel,
  orderCancelledBy,
  orderCancelling,
  orderOver,
  orderUnknown,
} from '../../slack/trading/views/order-answers.ts';

export interface CancelOrderDependencies extends Pick<PublicBot['dependencies'], 'log'> {
  readonly reservations: () => Pick<Reservations, 'requestCancel'>;
  readonly now: () => Date;
}

/** Returns the private answer. @param by Slack user id */
export async function cancelOrder(
  pressed: Pressed | undefined,
  by: string,
  slack: WebClient,
  { reservations, now, log }: CancelOrderDependencies,
): Promise<string> {
  if (!pressed) return orderUnknown;
  if (!pressed.mayAct) return mayNotCancel;
  if (pressed.isOver) return orderOver;
  const { execution, executionArn, approval, channel, ts } = pressed;
  const at = now().toISOString();
  const requested = await reservations().requestCancel(orderId(executionArn, approval), { by, at });
  if ('refused' in requested) return orderOver;
  const first = requested.cancelRequested;
  if (first && (first.by !== by || first.at !== at)) return alreadyCancelling(first.by);
  log('order_cancel_requested', { execution, by });
  if (ts) await slack.chat.postMessage({ channel, thread_ts: ts, text: orderCancelledBy(by) });
  return orderCancelling();
}
