// A press of *Refuse* in the message about a delegation: ends the delegation, and tells the person who is out.
import type { WebClient } from '@slack/web-api';
import type { PreferencesTable } from '../../aws/preferences-table.ts';
import { refusedDelegationEntry } from '../../domain/audit.ts';
import {
  delegateRefusedMessage,
  delegationOver,
  delegationRefused,
  noSuchDelegation,
  readDelegation,
} from '../../slack/views/delegation.ts';
import { isUnreachable } from '../../slack/slack-errors.ts';
import { answer } from '../private-answer.ts';
import { type RecordDependencies, recordEntry } from '../record-entry.ts';
import { type ButtonListener, responseUrlOf } from './listener.ts';

export interface RefuseDependencies extends RecordDependencies {
  readonly people: Pick<PreferencesTable, 'removeDelegate'>;
  readonly now: () => Date;
}

export function refuseDelegationButton(dependencies: RefuseDependencies): ButtonListener {
  const { people, now } = dependencies;
  return async ({ action, body, ack, client }) => {
    const delegate = body.user.id;
    const delegation = readDelegation(action.value);
    // A press has an effect only if the person who pressed is the stored delegate.
    const removed =
      delegation !== undefined &&
      (await people.removeDelegate(delegation.person, delegate, delegation.outUntil, now()));
    await ack();
    let text = noSuchDelegation;
    if (removed) {
      const { person } = delegation;
      await recordEntry(refusedDelegationEntry(delegate, now().toISOString(), person), client, dependencies);
      text = delegationRefused(person, await wasTold(person, delegate, client));
    }
    await answer({ by: delegate, responseUrl: responseUrlOf(body) }, text, client);
    const { channel, message } = body;
    if (channel && message?.['ts'])
      await client.chat.update({ channel: channel.id, ts: message['ts'], ...delegationOver(text) });
  };
}

/** Tells the person who is out. Returns false if they cannot receive direct messages. */
async function wasTold(person: string, delegate: string, client: WebClient): Promise<boolean> {
  try {
    await client.chat.postMessage({ channel: person, text: delegateRefusedMessage(delegate) });
    return true;
  } catch (error) {
    if (!isUnreachable(error)) throw error;
    return false;
  }
}
