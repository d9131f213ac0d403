// The entries of the audit: what people did to an approval, each refused action, what the app did by itself, and
// changes of settings. The bot, relay-result and the reconciler create the entries, and the audit table keeps them
// permanently.
import { shownAfter, shownAt } from './amendment.ts';
import type { Approval, Result, Step } from './approval.ts';
import type { Identity } from './identity.ts';
import type { Preferences } from './out-of-office.ts';
import type { Policy } from './policy.ts';
import type { Fact } from './request.ts';
import type { Refusal, VoteAction } from './votes.ts';

export type AuditEntry = ApprovalEntry | SettingsEntry;

interface Entry {
  /** Time of the action, ISO 8601. Entries are sorted by it. */
  readonly at: string;
  /** Distinguishes entries of the same time. If an entry is written twice, both writes use the same name. */
  readonly name: string;
  /** The name of `by` in Slack when the entry was written. Undefined if Slack did not return it in time. */
  readonly byName?: string | undefined;
  /** The e-mail address of `by` in Slack when the entry was written. Undefined if Slack did not return it in time. */
  readonly byEmail?: string | undefined;
}

/** `ended`: the result of the execution was stored. */
type ApprovalEvent = 'requested' | 'reminded' | 'escalated' | 'ended' | 'resubmitted';

export interface ApprovalEntry extends Entry {
  readonly action: Step['action'] | 'was_refused' | ApprovalEvent;
  /** Slack user id. Undefined if no person did it, such as a reminder. */
  readonly by?: string | undefined;
  /** Slack user id of the approver for whom `by` acted as a delegate. Undefined if `by` was not a delegate. */
  readonly delegateFor?: string | undefined;
  /** The outcome of the decision. Absent if this action was not the decision. */
  readonly decided?: 'approved' | 'declined' | undefined;
  /** The action that was refused, and why. Absent if `action` is not `was_refused`. */
  readonly refused?: { readonly action: VoteAction; readonly why: Refusal } | undefined;
  /** The reason that the person typed. */
  readonly reason?: string | undefined;
  /** How the execution ended. Absent if `action` is not `ended`. */
  readonly result?: Result | undefined;
  readonly title: string;
  /** In USD. Undefined if the request has no amount. */
  readonly amount?: number | undefined;
  /** The facts that the message showed, with the times at which they were true. */
  readonly facts: readonly Fact[];
  /** Slack user id. Undefined if the execution was started outside Slack. */
  readonly requester?: string | undefined;
  readonly policy: Policy;
  /** Slack channel id. */
  readonly channel: string;
  readonly executionArn: string;
  /** Id of the approval. */
  readonly approval: string;
}

/** A person changed their own settings, or refused to be a delegate. */
export interface SettingsEntry extends Entry {
  readonly action: 'changed_settings' | 'refused_delegation';
  /** Slack user id. */
  readonly by: string;
  /** The settings that the person submitted. Storing them may have failed. Absent if `action` is `refused_delegation`. */
  readonly settings?: Preferences | undefined;
  /** Slack user id of the person whose delegate `by` refused to be. Absent if `action` is `changed_settings`. */
  readonly delegateFor?: string | undefined;
}

/** Returns the entries that the approval's record confirms. Refused actions are not in the record. */
export function entriesOf(approval: Approval): readonly ApprovalEntry[] {
  const steps = approval.history.map((_, index) => stepEntry(approval, index));
  return [...steps, ...eventEntries(approval)];
}

function eventEntries(approval: Approval): readonly ApprovalEntry[] {
  const { askedAt, requester, escalationSteps, result, resubmitted } = approval;
  const results = approval.results ?? (result ? [result] : []);
  const { reminder, escalation } = escalationSteps;
  const event = (action: ApprovalEvent, at: string, by?: string): ApprovalEntry => ({
    ...shownOf(action === 'requested' ? shownAfter(approval, 0) : shownAt(approval, at)),
    at,
    name: `${approval.id}-${action}`,
    action,
    by,
  });
  return [
    event('requested', askedAt, requester),
    ...(reminder?.ts ? [event('reminded', reminder.at)] : []),
    ...(escalation?.ts ? [event('escalated', escalation.at)] : []),
    ...results.flatMap((each) => (each.at ? [{ ...event('ended', each.at), result: each }] : [])),
    ...(resubmitted ? [event('resubmitted', resubmitted.at, resubmitted.by)] : []),
  ];
}

/** @param index of the step in the approval's history */
export function stepEntry(approval: Approval, index: number): ApprovalEntry {
  const { history, decision } = approval;
  const step = history[index];
  if (!step) throw new RangeError(`The approval has ${history.length} steps, none of index ${index}.`);
  const last = index === history.length - 1;
  const amendments = history.slice(0, index + 1).filter(({ action }) => action === 'amended').length;
  return {
    ...shownOf(shownAfter(approval, amendments)),
    ...step,
    delegateFor: step.by && approval.delegateFor[step.by],
    name: `${approval.id}-${index}`,
    ...(last && decision ? { decided: decision.outcome } : {}),
  };
}

export function refusalEntry(
  approval: Approval,
  { action, by, at, refusal }: { action: VoteAction; by: string; at: string; refusal: Refusal },
): ApprovalEntry {
  return {
    ...shownOf(shownAt(approval, at)),
    at,
    name: `${approval.id}-${by}-${action}`,
    action: 'was_refused',
    by,
    refused: { action, why: refusal },
  };
}

export function settingsEntry(by: string, at: string, settings: Preferences): SettingsEntry {
  return { at, name: `settings-${by}`, action: 'changed_settings', by, settings };
}

export function refusedDelegationEntry(by: string, at: string, delegateFor: string): SettingsEntry {
  return { at, name: `delegation-${by}`, action: 'refused_delegation', by, delegateFor };
}

/** Adds the name and the e-mail address of the person who acted. */
export function withIdentity<Of extends AuditEntry>(entry: Of, { name, email }: Identity = {}): Of {
  return { ...entry, byName: name, byEmail: email };
}

function shownOf({ id, request, requester, policy, channel, executionArn }: Approval) {
  const { title, amount, facts } = request;
  const { approvals, approvers } = policy;
  return {
    title,
    amount,
    facts,
    requester,
    policy: { approvals, approvers },
    channel,
    executionArn,
    approval: id,
  };
}
