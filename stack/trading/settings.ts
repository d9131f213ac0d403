// Reads the settings of the trading workflow and of its approvals from CDK context. The CDK app and the operator's
// commands call it.
import type { Node } from 'constructs';
import { list, wholeNumber } from '../read-setting.ts';
import { type ApprovalSettings, approvalSettings, settingsOf } from '../settings.ts';

export interface Settings extends ApprovalSettings {
  /** Symbols that may be traded. */
  readonly symbols: readonly string[];
  /** Number of shares if `/trade` names no quantity. */
  readonly defaultQuantity: number;
}

/** @throws InvalidSetting for the first invalid setting */
export function readSettings(node: Node): Settings {
  const read = settingsOf(node, ['symbols', 'defaultQuantity']);
  return {
    ...approvalSettings(read),
    symbols: list(
      read,
      'symbols',
      /^[A-Z][A-Z.]{0,9}$/,
      'a comma-separated list of symbols in capitals, without duplicates, such as AMZN,NVDA',
    ),
    defaultQuantity: wholeNumber(read, 'defaultQuantity', 1, 1_000_000),
  };
}
