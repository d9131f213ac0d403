// `/trade positions`: cash, positions and open orders of the account, for the members of the trading channel.
import type { CommandListener, PublicBot } from 'countersign/bot';
import type { Broker } from '../../../aws/trading/broker.ts';
import { portfolioAnswer, portfolioHidden } from '../../../slack/trading/views/order-answers.ts';

export interface PositionsDependencies extends Pick<PublicBot, 'isInChannel' | 'answer'> {
  readonly broker: () => Pick<Broker, 'account' | 'positions' | 'openOrders'>;
  /** Slack channel id for requests. */
  readonly channel: string;
}

export function positionsCommand(dependencies: PositionsDependencies): CommandListener {
  const { broker, channel, isInChannel, answer } = dependencies;
  return async ({ command, ack, client }) => {
    await ack();
    const { user_id: by, response_url: responseUrl } = command;
    const text = (await isInChannel(channel, by, client))
      ? portfolioAnswer(await portfolioOf(broker()))
      : portfolioHidden(channel);
    await answer({ by, responseUrl }, text, client);
  };
}

/** One after the other: the broker brings each open order up to date at the first call. */
async function portfolioOf(broker: ReturnType<PositionsDependencies['broker']>) {
  const orders = await broker.openOrders();
  return { orders, account: await broker.account(), positions: await broker.positions() };
}
