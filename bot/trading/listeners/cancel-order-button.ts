// The button Cancel order, on the progress of an order that works.
import type { ButtonListener, PublicBot } from 'countersign/bot';
import { cancelOrder, type CancelOrderDependencies } from '../cancel-order.ts';

export interface CancelOrderButtonDependencies
  extends CancelOrderDependencies, Pick<PublicBot, 'pressedOn' | 'answer'> {}

export function cancelOrderButton(dependencies: CancelOrderButtonDependencies): ButtonListener {
  const { pressedOn, answer } = dependencies;
  return async ({ action, body, ack, client }) => {
    const by = body.user.id;
    const text = await cancelOrder(await pressedOn(action.value, by, client), by, client, dependencies);
    await ack();
    await answer({ by, responseUrl: body.response_url }, text, client);
  };
}
