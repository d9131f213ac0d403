// A press of *Refuse* in the message about a delegation: ends the delegation, and tells the person who is out.
import type { PreferencesTable } from '../../aws/preferences-table.ts';
import { delegateRefusedMessage, delegationRefused, noSuchDelegation } from '../../slack/views/delegation.ts';
import { answer } from '../private-answer.ts';
import { type ButtonListener, responseUrlOf } from './listener.ts';

export interface RefuseDependencies {
  readonly people: Pick<PreferencesTable, 'removeDelegate'>;
}

export function refuseDelegationButton({ people }: RefuseDependencies): ButtonListener {
  return async ({ action, body, ack, client }) => {
    const delegate = body.user.id;
    const person = action.value ?? '';
    const presser = { by: delegate, responseUrl: responseUrlOf(body) };
    // Only the delegate who is stored can end the delegation, whoever presses.
    const removed = await people.removeDelegate(person, delegate);
    await ack();
    if (!removed) return answer(presser, noSuchDelegation, client);
    await client.chat.postMessage({ channel: person, text: delegateRefusedMessage(delegate) });
    return answer(presser, delegationRefused(person), client);
  };
}
