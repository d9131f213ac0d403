// The trade of an interleaving and its policy. The world is created with it, and the checks compare the actions with
// it.
import type { EscalationRules } from '../../domain/escalation-schedule.ts';
import type { Policy, Rules } from '../../domain/policy.ts';
import { recommend, tradeRequest } from '../../domain/trading/recommendation.ts';
import { bandLimit, type TradeTerms } from '../../domain/trading/trade-terms.ts';

export const ANA = 'U0ANA';
export const BEN = 'U0BEN';
export const CHLOE = 'U0CHLOE';
export const DANA = 'U0DANA';
/** To whom it goes if nobody decides. */
export const FRAN = 'U0FRAN';
/** A guest, who may never approve anything. */
export const EVE = 'U0EVE';

export const CHANNEL = 'C0TRADING';
export const START = Date.parse('2026-11-02T10:00:00.000Z');

export interface Setting {
  /** How many must approve. */
  readonly approvals: 1 | 2 | 3;
  /** Who asked; absent: it was started outside Slack. */
  readonly requester: string | undefined;
  readonly timeoutSeconds: number;
  /** Whether it was looked a minute ago who the approvers are: else it is when they are asked. */
  readonly looked: boolean;
}

/** By how many must approve. */
const policies = {
  1: { quantity: 10, policy: { approvals: 1, approvers: [BEN, CHLOE] } },
  2: { quantity: 100, policy: { approvals: 2, approvers: ['S0RISK'] } },
  3: { quantity: 1_000, policy: { approvals: 3, approvers: ['S0RISK', BEN] } },
} as const satisfies Record<Setting['approvals'], { quantity: number; policy: Policy }>;

export const rules: Rules = {
  approvers: [BEN, CHLOE],
  tiers: [
    { upToUsd: 10_000, ...policies[1].policy },
    { upToUsd: 100_000, ...policies[2].policy },
    { upToUsd: 1_000_000, ...policies[3].policy },
  ],
};

/** Who may approve too once nobody has decided for long. */
export const escalationRules: EscalationRules = { remindAt: 0.5, escalateAt: 0.75, escalateTo: [FRAN] };

export function policyOf({ approvals }: Setting): Policy {
  return policies[approvals].policy;
}

/** The terms of the request, as they are first, and as the workflow may change them. */
export function termsOf(setting: Setting, which: 'first' | 'changed'): object {
  const { terms } = inputOf(setting).request;
  return which === 'first' ? terms : { ...terms, changed: true };
}

/** What the execution knows when it asks. */
export function inputOf({ approvals, requester }: Setting) {
  const { quantity } = policies[approvals];
  const at = '2026-11-02T09:59:58.000Z';
  const quote = { symbol: 'AMZN', price: 182.2, bid: 182.18, ask: 182.22, average: 184.79, at };
  const recommendation = recommend(quote);
  const terms: TradeTerms = {
    version: 2,
    side: recommendation.side,
    symbol: 'AMZN',
    quantity,
    limitPrice: bandLimit(recommendation.side, quote.ask, 1),
    timeInForce: 'day',
    account: 'paper',
    ...(requester && { requester }),
  };
  return {
    symbol: 'AMZN',
    quantity,
    stock_price: quote.price,
    bid: quote.bid,
    ask: quote.ask,
    average_price: quote.average,
    priced_at: at,
    recommended_type: recommendation.side,
    reason: recommendation.reason,
    ...(requester && { requestedBy: requester }),
    terms,
    request: { ...tradeRequest(terms, { quote, recommendation, isSideChosen: false }), terms },
  };
}
