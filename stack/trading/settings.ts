// Reads the settings of the trading workflow and of its approvals from CDK context. The CDK app and the operator's
// commands call it.
import type { Node } from 'constructs';
import { list, percent, wholeNumber } from '../read-setting.ts';
import { type ApprovalSettings, approvalSettings, settingsOf } from '../settings.ts';

export interface Settings extends ApprovalSettings {
  /** Symbols that may be traded. */
  readonly symbols: readonly string[];
  /** Number of shares if `/trade` names no quantity. */
  readonly defaultQuantity: number;
  /** Symbols among them that may not be traded now. May be empty. */
  readonly restricted: readonly string[];
  /** How far the default limit is from the price, in percent. */
  readonly priceBandPercent: number;
  /** How long an order may work at the broker before it is cancelled, in seconds. */
  readonly workSeconds: number;
}

const SYMBOL = /^[A-Z][A-Z.]{0,9}$/;
const SYMBOLS = 'a comma-separated list of symbols in capitals, without duplicates, such as AMZN,NVDA';

/** Percent. A limit further from the market is refused before anybody is asked: `domain/trading/pre-trade-checks.ts`. */
const MAX_BAND = 4;

/** Seconds. Eight hours; `MAX_LOOKS` of `domain/trading/order-work.ts` allows twice as much. */
const MAX_WORK = 28_800;

/** @throws InvalidSetting for the first invalid setting */
export function readSettings(node: Node): Settings {
  const read = settingsOf(node, [
    'symbols',
    'defaultQuantity',
    'restricted',
    'priceBandPercent',
    'workSeconds',
  ]);
  return {
    ...approvalSettings(read),
    symbols: list(read, 'symbols', SYMBOL, SYMBOLS),
    defaultQuantity: wholeNumber(read, 'defaultQuantity', 1, 1_000_000),
    restricted: read('restricted') === '' ? [] : list(read, 'restricted', SYMBOL, `empty or ${SYMBOLS}`),
    priceBandPercent: percent(read, 'priceBandPercent', MAX_BAND),
    workSeconds: wholeNumber(read, 'workSeconds', 1, MAX_WORK),
  };
}
