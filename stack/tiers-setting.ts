// Reads and validates the setting "tiers". A tier says how many people must approve up to an amount, and who may
// approve. `settings.ts` calls it. The value is a list in `cdk.json`, or the same list as JSON on the command line.
import type { Tier } from '../domain/policy.ts';

/** The message is the end of a sentence that begins with `The setting "tiers"`. */
export class BadTiers extends Error {
  override readonly name = 'BadTiers';
}

const EXAMPLE =
  'for example [{"upToUsd": 1000, "approvals": 1}, {"upToUsd": 50000, "approvals": 2, "approvers": "S0614TZR7"}]';
const APPROVER = /^[UWS][A-Z0-9]{2,}$/;
const MAX_TIERS = 10;

/** @param approvers default approvers, for tiers without their own */
export function readTiers(value: unknown, approvers: readonly string[]): readonly Tier[] {
  const list = fromJson(value);
  if (!Array.isArray(list) || list.length === 0 || list.length > MAX_TIERS)
    throw new BadTiers(`must be a list of 1 to ${MAX_TIERS} tiers, ${EXAMPLE}`);
  const tiers = list.map(readTier);
  for (const [index, tier] of tiers.entries()) {
    const below = tiers[index - 1];
    if (below && tier.upToUsd <= below.upToUsd)
      throw new BadTiers(
        `must be sorted by amount: tier ${index + 1} is up to USD ${tier.upToUsd}, but the tier before it is up to USD ${below.upToUsd}`,
      );
    checkApprovers(index, tier, tier.approvers ?? approvers);
  }
  return tiers;
}

function fromJson(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    throw new BadTiers(`is not valid JSON, ${EXAMPLE}`);
  }
}

function readTier(value: unknown, index: number): Tier {
  const bad = (what: string) => new BadTiers(`is invalid: tier ${index + 1} ${what}, ${EXAMPLE}`);
  if (typeof value !== 'object' || value === null) throw bad('is not an object');
  const { upToUsd, approvals, approvers, ...rest } = Object.fromEntries(Object.entries(value));
  const [unknown] = Object.keys(rest);
  if (unknown) throw bad(`has an unknown property "${unknown}"`);
  if (typeof upToUsd !== 'number' || !(upToUsd > 0) || upToUsd > 1e12)
    throw bad('needs an "upToUsd" that is a number of USD from above 0 to 1e12');
  if (!Number.isInteger(approvals) || approvals < 1)
    throw bad('needs an "approvals" that is a whole number of 1 or more');
  if (approvers === undefined) return { upToUsd, approvals };
  const ids = typeof approvers === 'string' ? approvers.split(',').map((id) => id.trim()) : [];
  if (ids.length === 0 || !ids.every((id) => APPROVER.test(id)) || new Set(ids).size < ids.length)
    throw bad('needs "approvers" that are comma-separated user or user group ids without duplicates');
  return { upToUsd, approvals, approvers: ids };
}

/** Skips tiers with a user group, because only Slack knows how many members the group has. */
function checkApprovers(index: number, { approvals }: Tier, approvers: readonly string[]): void {
  if (approvers.some((id) => id.startsWith('S')) || approvers.length > approvals) return;
  const names = approvers.join(', ');
  throw new BadTiers(
    approvers.length < approvals
      ? `requires ${approvals} approvals in tier ${index + 1}, but only ${names} may approve; name more approvers, or require fewer approvals`
      : `requires all of ${names} to approve in tier ${index + 1}, so a request by one of them could never be approved, because nobody can approve their own request; name one more approver, or a user group`,
  );
}
