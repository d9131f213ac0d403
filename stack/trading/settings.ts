// What can be set of the trading workflow from outside, beside what is set of approvals. The app reads it.
import type { Node } from 'constructs';
import { type ApprovalSettings, approvalSettings, list, settingsOf, whole } from '../settings.ts';

export interface Settings extends ApprovalSettings {
  /** Symbols that may be traded. */
  readonly symbols: readonly string[];
  /** Shares of a `/trade` that names no quantity. */
  readonly defaultQuantity: number;
}

/** Reads all settings from context. Throws `InvalidSetting` naming the first that cannot be used. */
export function readSettings(node: Node): Settings {
  const read = settingsOf(node, ['symbols', 'defaultQuantity']);
  return {
    ...approvalSettings(read),
    symbols: list(
      read,
      'symbols',
      /^[A-Z][A-Z.]{0,9}$/,
      'symbols in capitals separated by commas, each once, such as AMZN,NVDA',
    ),
    defaultQuantity: whole(read, 'defaultQuantity', 1, 1_000_000),
  };
}
