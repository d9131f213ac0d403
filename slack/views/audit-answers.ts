// The private answers to the command `audit`. The listener of the command sends them.
import type { Command } from './command.ts';

export function auditNotAMonth({ name }: Command): string {
  return `:warning: Say which month, as year and month. For example: \`${name} audit 2026-11\``;
}

export function auditIsMade(month: string): string {
  return `Looking for what people did in ${month} (UTC) …`;
}

export function auditNotForYou(): string {
  return ':warning: The audit is for approvers, and you are not among them.';
}

export function nothingAudited(month: string): string {
  return `The audit has no entry of ${month} (UTC).`;
}

export function auditFollows(month: string, entries: number): string {
  const count = entries === 1 ? 'one entry' : `${entries.toLocaleString('en-US')} entries`;
  return `The audit of ${month} (UTC), ${count}, in a direct message to you alone.`;
}
