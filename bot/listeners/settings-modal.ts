// The submission of the settings modal: stores the settings of the person, tells a new delegate, and publishes Home
// again. A delegate is checked before the settings are stored; if Slack cannot check the delegate, nothing is stored.
import { setTimeout as wait } from 'node:timers/promises';
import type { WebClient } from '@slack/web-api';
import type { Log } from '../../aws/log.ts';
import { settingsEntry } from '../../domain/audit.ts';
import type { Preferences } from '../../domain/out-of-office.ts';
import { type FetchApproversDependencies, resolveCached } from '../../slack/fetch-approvers.ts';
import { resolveDelegates } from '../../slack/resolve-delegates.ts';
import { failureFields, isUnreachable } from '../../slack/slack-errors.ts';
import { delegateNotTold, delegationMessage } from '../../slack/views/delegation.ts';
import { delegateError, delegateIsOut, readSettings } from '../../slack/views/settings-modal.ts';
import { type HomeDependencies, publishHome } from '../publish-home.ts';
import { type RecordDependencies, recordEntry } from '../record-entry.ts';
import type { ModalListener } from './listener.ts';

export interface SettingsDependencies
  extends HomeDependencies, Omit<FetchApproversDependencies, 'slack'>, RecordDependencies {
  readonly log: Log;
}

/** For both lookups together. Slack expects the answer within three seconds: https://docs.slack.dev/surfaces/modals */
const CHECK_TIMEOUT_MS = 2_000;

export function settingsSubmission(dependencies: SettingsDependencies): ModalListener {
  const { people, peopleRules, identityOf, now } = dependencies;
  return async ({ view, body, ack, client }) => {
    const person = body.user.id;
    const timeout = wait(CHECK_TIMEOUT_MS, 'not_checked' as const);
    const { timeZone } = (await identityOf(person, client)) ?? {};
    const read = readSettings(view, person, peopleRules, now(), timeZone);
    if ('errors' in read) return ack({ response_action: 'errors', errors: { ...read.errors } });
    const { delegate } = read.preferences;
    const check =
      delegate === undefined
        ? 'allowed'
        : await Promise.race([checkDelegate(delegate, client, dependencies), timeout]);
    if (check !== 'allowed')
      return ack({ response_action: 'errors', errors: delegateError(check, peopleRules) });
    const other = delegate === undefined ? undefined : await people.preferences(delegate, now());
    if (other?.outUntil) return ack({ response_action: 'errors', errors: delegateIsOut(other) });
    const before = await people.preferences(person, now());
    // Recorded first, so that nobody acts as a delegate without an entry in the audit.
    await recordEntry(settingsEntry(person, now().toISOString(), read.preferences), client, dependencies);
    await people.setPreferences(person, read.preferences);
    await ack();
    await publishHome(person, client, dependencies);
    return tellDelegate(person, before, read.preferences, client);
  };
}

async function checkDelegate(
  delegate: string,
  client: WebClient,
  dependencies: SettingsDependencies,
): Promise<'allowed' | 'not_allowed' | 'not_checked'> {
  const { peopleRules, log } = dependencies;
  const resolve = resolveCached({ ...dependencies, slack: async () => client });
  return resolveDelegates([delegate], peopleRules.delegates, resolve)
    .then(({ userIds }) => (userIds.includes(delegate) ? 'allowed' : 'not_allowed'))
    .catch((error: unknown) => {
      log('delegate_not_checked', { delegate, ...failureFields(error) });
      return 'not_checked' as const;
    });
}

const delegationOf = ({ delegate, outUntil, timeZone }: Preferences) =>
  String([delegate, outUntil, timeZone]);

/** Sends the delegate a direct message, unless this delegation was stored before. */
async function tellDelegate(
  person: string,
  before: Preferences,
  preferences: Preferences,
  client: WebClient,
): Promise<void> {
  const { delegate, outUntil } = preferences;
  if (!delegate || !outUntil || delegationOf(before) === delegationOf(preferences)) return;
  try {
    await client.chat.postMessage({ channel: delegate, ...delegationMessage(person, preferences) });
  } catch (error) {
    if (!isUnreachable(error)) throw error;
    await client.chat.postMessage({ channel: person, text: delegateNotTold(delegate) });
  }
}
