// The function of the state Pre-Trade Check: refuses a trade that could not be placed, before people are asked. Otherwise it
// adds warnings to the request. It does not call Slack. Its only write records the request.
import * as v from 'valibot';
import type { Broker } from '../../aws/trading/broker.ts';
import type { RecentRequests } from '../../aws/trading/recent-requests.ts';
import type { Fact } from '../../domain/request.ts';
import type { Quote } from '../../domain/trading/market.ts';
import { accountEffects } from '../../domain/trading/account-effects.ts';
import { ifNotFilled } from '../../domain/trading/if-not-filled.ts';
import { dayRange, priceChart } from '../../domain/trading/market-context.ts';
import { checkTrade, type TradeLimits } from '../../domain/trading/pre-trade-checks.ts';
import { shares, usdPrice } from '../../domain/trading/prices.ts';
import { isMarketable, type TradeTerms } from '../../domain/trading/trade-terms.ts';
import { parse } from '../parse.ts';
import { recommendedTrade } from './trade-input.ts';
import { TradeRefused } from './trade-refused.ts';

const stateInput = v.object({
  Input: recommendedTrade,
  ExecutionId: v.pipe(v.string(), v.startsWith('arn:')),
  WorkSeconds: v.number(),
});

/** A request for the same side, symbol and quantity within this time is probably a mistake. */
const SAME_TRADE_MS = 10 * 60_000;

export interface PreTradeCheckDependencies {
  readonly broker: Pick<Broker, 'quote' | 'day' | 'account' | 'position'>;
  readonly recent: RecentRequests;
  readonly limits: TradeLimits;
  readonly now: () => Date;
}

export function preTradeCheck({ broker, recent, limits, now }: PreTradeCheckDependencies) {
  return async (input: unknown) => {
    const { Input, ExecutionId, WorkSeconds } = parse(stateInput, input);
    const { terms, request } = Input;
    const [quote, day, account, position] = await Promise.all([
      broker.quote(terms.symbol, now()),
      broker.day(terms.symbol, now()),
      broker.account(),
      broker.position(terms.symbol),
    ]);
    const snapshot = { quote, position: position.available, cash: account.availableCash };
    const checked = checkTrade(Input, snapshot, limits, now());
    if ('refused' in checked) throw new TradeRefused(checked.refused.text);
    const earlierAt = terms.requester ? await recent.record(terms, ExecutionId, now()) : undefined;
    const warnings = [...notMarketable(terms, checked.quote), ...sameTrade(terms, earlierAt, now())];
    const facts = [
      ...request.facts,
      ...(day ? [dayRange(day, checked.quote.price)] : []),
      ...warnings,
      ifNotFilled(terms, WorkSeconds),
      ...accountEffects(terms, { position: position.quantity, cash: snapshot.cash }),
    ];
    const chart = day && day.lastHour.length > 1 ? { chart: priceChart(terms, day) } : {};
    return { ...Input, request: { ...request, facts, ...chart } };
  };
}

function notMarketable(terms: TradeTerms, quote: Quote): readonly Fact[] {
  if (isMarketable(terms, quote)) return [];
  const { bid, ask } = quote;
  const after = terms.timeInForce === 'ioc' ? ', so the order would be cancelled at once' : '';
  const touch =
    terms.side === 'buy' ? `below the ask of ${usdPrice(ask)}` : `above the bid of ${usdPrice(bid)}`;
  return [{ label: '⚠️ Would not fill now', value: `the limit is ${touch}${after}`, untilResult: true }];
}

function sameTrade(
  { side, quantity, symbol }: TradeTerms,
  earlierAt: string | undefined,
  now: Date,
): readonly Fact[] {
  if (!earlierAt || now.getTime() - Date.parse(earlierAt) > SAME_TRADE_MS) return [];
  return [
    {
      label: '⚠️ Possible duplicate',
      value: `${side} ${shares(quantity)} ${symbol} was requested before`,
      at: earlierAt,
    },
  ];
}
