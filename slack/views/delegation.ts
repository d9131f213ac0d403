// The direct messages about a delegation: to the delegate, with a button to refuse it, and to the person who is out.
// The listeners of the settings modal and of the button send them.
import type { Approval } from '../../domain/approval.ts';
import type { Preferences } from '../../domain/out-of-office.ts';
import { endOfDay } from './end-of-day.ts';
import { mention, time } from './mrkdwn.ts';
import { requestTitle } from './request-title.ts';
import { section } from './section.ts';
import type { View } from './approval-message.ts';

export const refuseDelegationAction = 'refuse_delegation';

/** Tells the delegate. @param preferences of the person who is out */
export function delegationMessage(person: string, preferences: Preferences): View {
  const text = `${mention(person)} is out until the end of ${endOfDay(preferences)} and named you to approve in their place. You are mentioned in each request that you may approve in their place.`;
  return {
    text,
    blocks: [
      section(text),
      {
        type: 'actions',
        elements: [
          {
            type: 'button',
            action_id: refuseDelegationAction,
            text: { type: 'plain_text', text: 'Refuse' },
            value: JSON.stringify({ person, outUntil: preferences.outUntil }),
          },
        ],
      },
    ],
  };
}

/** Returns undefined if this app did not write the value. */
export function readDelegation(
  value: string | undefined,
): { readonly person: string; readonly outUntil: string } | undefined {
  try {
    const { person, outUntil } = JSON.parse(value ?? '');
    return typeof person === 'string' && typeof outUntil === 'string' ? { person, outUntil } : undefined;
  } catch {
    return undefined;
  }
}

/** Replaces the message to the delegate once it has no effect any more. */
export function delegationOver(text: string): View {
  return { text, blocks: [section(text)] };
}

/** The answer to the delegate who refused. */
export function delegationRefused(person: string, wasTold: boolean): string {
  const told = wasTold
    ? 'They were told.'
    : 'Slack delivers them no message from this app, so tell them yourself.';
  return `You do not approve in the place of ${mention(person)}. ${told}`;
}

/** The answer to a press of the button after the delegation has ended or changed. */
export const noSuchDelegation = 'This delegation has ended or was changed already. Nothing was changed.';

/** Tells the person who is out. */
export function delegateRefusedMessage(delegate: string): string {
  return `:warning: ${mention(delegate)} does not approve in your place. Until you choose somebody else in Home, nobody does.`;
}

/** The reply in the thread of a request, for a delegate who joined while the request waits. */
export function delegateReply(delegate: string, approval: Approval): string {
  const { request, deadline, delegateFor } = approval;
  const person = mention(delegateFor[delegate] ?? '');
  return `:wave: ${mention(delegate)}: ${person} is out, so you may approve *${requestTitle(request)}* in their place, until ${time(deadline)}.`;
}

/** Tells the person who is out that Slack delivers no direct message to the delegate. */
export function delegateNotTold(delegate: string): string {
  return `:warning: ${mention(delegate)} approves in your place, but Slack delivers them no message from this app. Tell them yourself.`;
}
