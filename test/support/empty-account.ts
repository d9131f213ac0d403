// A broker's account that has nothing, for tests of the bot that are not about orders.
import type { TradeDependencies } from '../../bot/trading/listeners/trade-command.ts';
import type { CancelOrderDependencies } from '../../bot/trading/cancel-order.ts';

export const emptyAccount: Pick<TradeDependencies, 'broker'> & Pick<CancelOrderDependencies, 'reservations'> =
  {
    broker: () => ({
      account: async () => ({ cash: 0, availableCash: 0 }),
      positions: async () => [],
      openOrders: async () => [],
    }),
    reservations: () => ({ requestCancel: async () => ({ refused: 'not_reserved' }) }),
  };
