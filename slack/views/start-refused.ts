// The private answers to a person whose execution is not started. The commands of workflows and the resubmit button send
// them.
import type { Ineligibility } from '../../domain/ineligibility.ts';

export function startRefused(ineligibility: Ineligibility): string {
  return `Nothing was requested: ${reasons[ineligibility]}`;
}

const reasons: Readonly<Record<Ineligibility, string>> = {
  foreign: 'you are a member of another workspace.',
  bot: 'bots may not request here.',
  deactivated: 'your account is deactivated.',
  guest: 'guests may not request here.',
  invited: 'you have not joined this workspace yet.',
  unknown: 'Slack does not know who you are.',
};

/** Somebody started another execution in AWS under the name of this one. */
export const nameTaken =
  'Nothing was requested: another execution already has the name of this one. Type the command again, or tell your operator.';

export function tooManyStarts(max: number): string {
  return `Nothing was requested: one person may request ${max} times an hour. Try again at the next full hour.`;
}
