// The modal for a person's settings: direct messages, out of office, and the delegate. A button in Home opens the
// modal, and the listener of its submission reads the settings.
import type { Button, ModalView } from '@slack/types';
import type { Preferences } from '../../domain/out-of-office.ts';
import { localDay } from '../../domain/local-day.ts';
import { isTooLong, latestDay, type PeopleRules } from '../../domain/people-rules.ts';
import { endOfDay } from './end-of-day.ts';
import { selectedDate, selectedOptions, selectedUser, type SubmittedView } from './submitted-view.ts';

export const settingsAction = 'settings';
export const settingsModalId = 'settings_modal';

const fields = {
  direct: { block: 'direct', action: 'direct' },
  until: { block: 'until', action: 'until' },
  delegate: { block: 'delegate', action: 'delegate' },
} as const;

const DIRECT = { text: { type: 'plain_text', text: 'Tell me how it ended' }, value: 'direct' } as const;

export function settingsButton(): Button {
  return {
    type: 'button',
    action_id: settingsAction,
    text: { type: 'plain_text', text: 'Change' },
  };
}

export function settingsModal({ directMessages, outUntil, delegate }: Preferences): ModalView {
  return {
    type: 'modal',
    callback_id: settingsModalId,
    private_metadata: '',
    title: { type: 'plain_text', text: 'Your settings' },
    submit: { type: 'plain_text', text: 'Save' },
    close: { type: 'plain_text', text: 'Back' },
    blocks: [
      {
        type: 'input',
        block_id: fields.direct.block,
        optional: true,
        label: { type: 'plain_text', text: 'Direct messages about what you asked for' },
        element: {
          type: 'checkboxes',
          action_id: fields.direct.action,
          options: [DIRECT],
          ...(directMessages ? { initial_options: [DIRECT] } : {}),
        },
      },
      {
        type: 'input',
        block_id: fields.until.block,
        optional: true,
        label: { type: 'plain_text', text: 'Last day out of office' },
        hint: {
          type: 'plain_text',
          text: 'In your time zone. Until the end of that day you are not asked to approve. Leave it empty if you are not out.',
        },
        element: {
          type: 'datepicker',
          action_id: fields.until.action,
          ...(outUntil ? { initial_date: outUntil } : {}),
        },
      },
      {
        type: 'input',
        block_id: fields.delegate.block,
        optional: true,
        label: { type: 'plain_text', text: 'Delegate, who approves in your place' },
        hint: {
          type: 'plain_text',
          text: 'Your delegate cannot approve your requests or their own. If they are already an approver of a request, they count once.',
        },
        element: {
          type: 'users_select',
          action_id: fields.delegate.action,
          ...(delegate ? { initial_user: delegate } : {}),
        },
      },
    ],
  };
}

export type ReadSettings =
  | { readonly preferences: Preferences }
  | { readonly errors: Readonly<Record<string, string>> };

/**
 * @param person Slack user id of the person who submitted the modal
 * @param timeZone of the person, such as `Australia/Sydney`. Undefined if Slack did not return it: their days are in UTC
 */
export function readSettings(
  view: SubmittedView,
  person: string,
  rules: PeopleRules,
  now: Date,
  timeZone: string | undefined,
): ReadSettings {
  const today = localDay(now, timeZone);
  const outUntil = selectedDate(view, fields.until);
  const delegate = selectedUser(view, fields.delegate);
  if (outUntil && outUntil < today)
    return { errors: { [fields.until.block]: 'This day is over. Choose a later one, or none.' } };
  if (delegate === person)
    return {
      errors: {
        [fields.delegate.block]: 'You cannot be your own delegate. Choose somebody else, or nobody.',
      },
    };
  if (delegate && !outUntil)
    return { errors: { [fields.until.block]: 'Say until when you are out, or choose nobody below.' } };
  if (delegate && outUntil && isTooLong(outUntil, rules, today)) {
    const { maxDelegationDays: days } = rules;
    const latest = latestDay(days, today);
    const text = `Somebody may approve in your place for at most ${days} days. Choose a day up to ${latest}, or nobody below.`;
    return { errors: { [fields.until.block]: text } };
  }
  const directMessages = selectedOptions(view, fields.direct).includes(DIRECT.value);
  return { preferences: { directMessages, outUntil, delegate, ...(outUntil ? { timeZone } : {}) } };
}

/** The error at the field of the delegate. Nothing was stored. */
export function delegateError(
  check: 'not_allowed' | 'not_checked',
  { delegates }: PeopleRules,
): Record<string, string> {
  return { [fields.delegate.block]: check === 'not_checked' ? NOT_CHECKED : notAllowed(delegates) };
}

/** The error if the delegate is out of office too. Nothing was stored. @param preferences of the delegate */
export function delegateIsOut(preferences: Preferences): Record<string, string> {
  const until = endOfDay(preferences);
  return {
    [fields.delegate.block]: `They are out of office until the end of ${until}. Choose somebody else.`,
  };
}

const NOT_CHECKED = 'Slack could not say who this is, so nothing was saved. Try again in a minute.';

function notAllowed(delegates: PeopleRules['delegates']): string {
  if (delegates === 'anyone')
    return 'They cannot approve anything: a guest, a bot, deactivated, or of another workspace. Choose somebody else.';
  return delegates.length === 0
    ? 'Nobody may approve in the place of another here. Choose nobody.'
    : 'This person cannot be a delegate. Choose somebody who approves requests here.';
}
