// Checks each write of the approval when it happens and reports violations. It implements the policy independently of
// the code under test. The property of the interleavings passes it to the world.
import { isDeepStrictEqual } from 'node:util';
import { toApprovalWithToken } from '../../aws/approval-items.ts';
import type { Approval, Step } from '../../domain/approval.ts';
import type { Watch } from './dynamodb-store.ts';
import { EVE, policyOf, type Setting } from './trade.ts';

export interface Judge {
  readonly watch: Watch;
  readonly faults: readonly string[];
}

type Complain = (holds: boolean, fault: string) => void;

export function judgeWrites(setting: Setting): Judge {
  const faults: string[] = [];
  let before: Approval | undefined;
  let judged = '';
  const watch: Watch = (_table, _item, item) => {
    if (!item['id']?.S?.startsWith('approval-')) return;
    const { status, policy, effectiveApprovers, approversResolvedAt, votes, outstanding, decision, history } =
      item;
    const read = JSON.stringify([
      status,
      policy,
      effectiveApprovers,
      approversResolvedAt,
      votes,
      outstanding,
      decision,
      history,
    ]);
    if (read === judged) return;
    judged = read;
    const { approval: after } = toApprovalWithToken(item);
    const complain: Complain = (holds, fault) => {
      if (!holds) faults.push(`${fault}: \n${inBrief(before)}\n${inBrief(after)}`);
    };
    judgeState(after, setting, complain);
    if (before) judgeChange(before, after, setting, complain);
    before = after;
  };
  return { watch, faults };
}

function inBrief(approval: Approval | undefined): string {
  const { status, effectiveApprovers, approversResolvedAt, votes, outstanding, decision, history } =
    approval ?? {};
  return JSON.stringify({
    status,
    effectiveApprovers,
    approversResolvedAt,
    votes,
    outstanding,
    decision,
    history,
  });
}

function judgeState(after: Approval, setting: Setting, complain: Complain): void {
  const { votes, history, policy, effectiveApprovers, outstanding, decision } = after;
  const approvals = Object.keys(votes).length;
  const { approvals: needed, approvers } = policy;
  complain(isDeepStrictEqual({ approvals: needed, approvers }, policyOf(setting)), 'The policy is another');
  complain(!effectiveApprovers.includes(EVE), 'A guest is a member');
  const others = history.filter(({ action }) => ['approval_lapsed', 'amended'].includes(action)).length;
  complain((after.triggers?.size ?? 0) === history.length - others, 'One request acted twice');
  complain(outstanding === policy.approvals - approvals, 'What is outstanding is miscounted');
  for (const [by, { at }] of Object.entries(votes)) {
    const step = history.findLast(
      (each) =>
        each.action === 'amended' ||
        (each.by === by && ['approved', 'undid_approval', 'approval_lapsed'].includes(each.action)),
    );
    complain(
      step?.action === 'approved' && step.by === by && step.at === at,
      'An approval counts that was not given, or taken back',
    );
  }
  for (const [delegate, person] of Object.entries(after.delegateFor)) {
    complain(
      ![delegate, person].includes(setting.requester ?? ''),
      'The requester was stood in for, or stands in',
    );
    complain(!(delegate in votes && person in votes), 'One voice was counted twice');
  }
  if (decision?.outcome !== 'approved') return;
  complain(approvals >= policyOf(setting).approvals, 'Too few approved');
  complain(setting.requester === undefined || !(setting.requester in votes), 'The requester approved');
  complain(
    Object.keys(votes).every((by) => effectiveApprovers.includes(by)),
    'Somebody approved who is no approver',
  );
}

function judgeChange(before: Approval, after: Approval, setting: Setting, complain: Complain): void {
  const kept = after.history.slice(0, before.history.length);
  const added = after.history.slice(before.history.length);
  const lapsed = added.filter(({ action }) => action === 'approval_lapsed').map(({ by }) => by);
  const [step, ...more] = added.filter(({ action }) => action !== 'approval_lapsed');
  complain(isDeepStrictEqual(kept, before.history) && more.length === 0, 'The history was rewritten');
  if (before.decision) {
    complain(isDeepStrictEqual(after.decision, before.decision), 'Decided twice');
    complain(!step && isDeepStrictEqual(after.votes, before.votes), 'Voted on what is decided');
  } else if (step) judgeStep(step, before, after, setting, complain);
  else {
    const left = Object.entries(before.votes).filter(([by]) => after.effectiveApprovers.includes(by));
    const gone = Object.keys(before.votes).filter((by) => !after.effectiveApprovers.includes(by));
    complain(isDeepStrictEqual(after.votes, Object.fromEntries(left)), 'Votes changed without a step');
    complain(isDeepStrictEqual(lapsed, gone), 'Not exactly the votes of leavers lapsed');
    complain(!after.decision, 'Decided without a step');
  }
}

/** How long before the deadline a step is too late, and how old a look at the members may be, in milliseconds. */
const MARGIN = 5_000;
const HOLD = 15 * 60_000;

function judgeStep(
  step: Step,
  before: Approval,
  after: Approval,
  setting: Setting,
  complain: Complain,
): void {
  const { action, by = '', at } = step;
  if (action !== 'amended')
    complain(after.terms?.digest === before.terms?.digest, 'The terms changed without a step');
  const { [by]: own, ...others } = before.votes;
  const mayApprove = before.effectiveApprovers.includes(by) && by !== setting.requester;
  complain(before.status === 'pending', 'A step on what is over');
  complain(Date.parse(at) + MARGIN < Date.parse(before.deadline), 'A step too late');
  if (action === 'approved') {
    complain(mayApprove && !own, 'An approval that does not count');
    complain(Date.parse(at) - Date.parse(before.approversResolvedAt) < HOLD, 'Members from too long ago');
    complain(isDeepStrictEqual(after.votes, { ...others, [by]: { at } }), 'Not this approval was counted');
    const enough = Object.keys(after.votes).length >= policyOf(setting).approvals;
    complain(
      isDeepStrictEqual(after.decision, enough ? { outcome: action, by, at } : undefined),
      'Not so decided',
    );
  } else if (action === 'amended') {
    complain(Object.keys(after.votes).length === 0 && !after.decision, 'Votes outlived a change');
    complain(!before.amendments && after.amendments?.length === 1, 'Changed twice');
  } else if (action === 'cancelled') {
    complain(before.effectiveApprovers.includes(by) || by === setting.requester, 'Cancelled by a stranger');
    complain(after.status === 'cancelled' && !after.decision, 'Not so cancelled');
  } else if (action === 'undid_approval') {
    complain(own !== undefined && isDeepStrictEqual(after.votes, others), 'Something else was taken back');
    complain(!after.decision, 'Decided by taking back');
  } else {
    const { reason } = step;
    complain(before.effectiveApprovers.includes(by) || by === setting.requester, 'Declined by a stranger');
    complain(isDeepStrictEqual(after.decision, { outcome: action, by, at, reason }), 'Not so declined');
  }
}
