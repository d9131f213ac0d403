// The setting "tiers": how many people must approve up to which amount, and who. Read from a list in `cdk.json` or from
// the same as JSON on the command line, and refused with a sentence that says how to mend it. The settings read it.

/** As `domain/policy.ts` has it: the functions get it as JSON. */
export interface Tier {
  readonly upToUsd: number;
  readonly approvals: number;
  readonly approvers?: readonly string[];
}

/** Throws with what is wrong, to be put behind `The setting "tiers" `. */
export class BadTiers extends Error {
  override readonly name = 'BadTiers';
}

const EXAMPLE =
  'for example [{"upToUsd": 1000, "approvals": 1}, {"upToUsd": 50000, "approvals": 2, "approvers": "S0614TZR7"}]';
const APPROVER = /^[UWS][A-Z0-9]{2,}$/;
const MOST_TIERS = 10;

/** @param approvers who may approve where a tier names nobody */
export function readTiers(value: unknown, approvers: readonly string[]): readonly Tier[] {
  const list = fromJson(value);
  if (!Array.isArray(list) || list.length === 0 || list.length > MOST_TIERS)
    throw new BadTiers(`must be a list of 1 to ${MOST_TIERS} tiers, ${EXAMPLE}`);
  const tiers = list.map(readTier);
  for (const [index, tier] of tiers.entries()) {
    const below = tiers[index - 1];
    if (below && tier.upToUsd <= below.upToUsd)
      throw new BadTiers(
        `overlaps: tier ${index + 1} is up to USD ${tier.upToUsd}, the one before it up to USD ${below.upToUsd}; put them in the order of their amounts`,
      );
    checkPeople(index, tier, tier.approvers ?? approvers);
  }
  return tiers;
}

function fromJson(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    throw new BadTiers(`is no JSON, ${EXAMPLE}`);
  }
}

function readTier(value: unknown, index: number): Tier {
  const bad = (what: string) => new BadTiers(`has a tier ${index + 1} ${what}, ${EXAMPLE}`);
  if (typeof value !== 'object' || value === null) throw bad('that is none');
  const { upToUsd, approvals, approvers, ...rest } = Object.fromEntries(Object.entries(value));
  const [unknown] = Object.keys(rest);
  if (unknown) throw bad(`with "${unknown}", which there is not`);
  if (typeof upToUsd !== 'number' || !(upToUsd > 0) || upToUsd > 1e12)
    throw bad('whose "upToUsd" is no amount in USD above 0');
  if (!Number.isInteger(approvals) || approvals < 1)
    throw bad('whose "approvals" is no whole number of people from 1 on');
  if (approvers === undefined) return { upToUsd, approvals };
  const ids = typeof approvers === 'string' ? approvers.split(',').map((id) => id.trim()) : [];
  if (ids.length === 0 || !ids.every((id) => APPROVER.test(id)) || new Set(ids).size < ids.length)
    throw bad('whose "approvers" are no ids of users or user groups, separated by commas, each once');
  return { upToUsd, approvals, approvers: ids };
}

/** How many are in a group is known to Slack alone. */
function checkPeople(index: number, { approvals }: Tier, who: readonly string[]): void {
  if (who.some((id) => id.startsWith('S')) || who.length > approvals) return;
  const names = who.join(', ');
  throw new BadTiers(
    who.length < approvals
      ? `wants ${approvals} approvals in tier ${index + 1}, but only ${names} may give them; name more approvers there, or want fewer approvals`
      : `wants the approval of all of ${names} in tier ${index + 1}: what one of them asks for could never be approved, since nobody approves their own; name one more approver there, or a user group`,
  );
}
