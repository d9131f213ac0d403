// The button Cancel order, on the progress of an order that works.
import type { ButtonListener, PublicBot } from 'countersign/bot';
import { cancelOrder, type CancelOrderDependencies } from '../cancel-order.ts';

export interface CancelOrderButtonDependencies
  extends CancelOrderDependencies, Pick<PublicBot, 'pressedOn' | 'answer'> {}

export function cancelOrderButton(dependencies: CancelOrderButtonDependencies): ButtonListener {
  const { pressedOn, answer } = dependencies;
  return async ({ action, body, ack, client }) => {
    const by = body.user.id;
    const reply = async (text: string) => {
      await ack();
      await answer({ by, responseUrl: body.response_url }, text, client);
    };
    const pressed = await pressedOn(action.value, by, client);
    await cancelOrder(pressed, { by, answer: reply, slack: client }, dependencies);
  };
}
