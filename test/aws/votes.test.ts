// Tests which votes the approvals table accepts. The rules are conditional writes, tested against a real DynamoDB
// engine.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Approvals } from '../../aws/approvals-table.ts';
import type { VoteResult } from '../../aws/votes.ts';
import type { Approval } from '../../domain/approval.ts';
import type { Refusal } from '../../domain/votes.ts';
import { digestTerms } from '../../domain/terms.ts';
import { approval, approvalOfTwo } from '../support/approvals.ts';
import { startTables, type TestTables } from '../support/dynamodb.ts';
import { amendment } from '../support/amendments.ts';
import { newPress } from '../support/action-request.ts';

const AT = '2026-11-02T10:05:00.000Z';
const LATER = '2026-11-02T10:06:00.000Z';
let tables: TestTables;
let approvals: Approvals;
let count = 0;

beforeAll(async () => {
  tables = await startTables();
  ({ approvals } = tables);
});

afterAll(() => tables.close());

async function stored(made: Approval): Promise<Approval> {
  const own = { ...made, execution: `run-${(count += 1)}` };
  await approvals.create(own, `token-${own.execution}`);
  return own;
}

const refused = (refusal: Refusal) => ({ changed: false, refusal });
const approvalIn = (result: VoteResult) => (result.changed ? result.approval : undefined);
const here = (...effectiveApprovers: readonly string[]) => ({
  effectiveApprovers,
  delegateFor: {},
  away: [],
});
const one = (differences: Partial<Approval> = {}) => stored(approval(differences));
const two = (differences: Partial<Approval> = {}) => stored(approvalOfTwo(differences));

describe('votes', () => {
  it('decides with the only required approval and returns the task token', async () => {
    const made = await one();
    const step = { by: 'U0BEN', at: AT };
    const press = newPress();
    expect(await approvals.approve(made, 'U0BEN', AT, press)).toEqual({
      changed: true,
      approval: {
        ...made,
        status: 'approved',
        decision: { outcome: 'approved', ...step },
        votes: { U0BEN: { at: AT } },
        outstanding: 0,
        history: [{ action: 'approved', ...step }],
        triggers: new Set([press.trigger]),
        pressedAt: { U0BEN: press.actionTs },
        revision: 2,
      },
      taskToken: `token-${made.execution}`,
    });
    expect(await approvals.decline(made, { by: 'U0CHLOE', at: AT }, newPress())).toMatchObject(
      refused('decided'),
    );
    expect(await approvals.approve(made, 'U0CHLOE', AT, newPress())).toMatchObject(refused('decided'));
  });

  it('decides with the second of two approvals and counts each approver once', async () => {
    const made = await two();
    const first = await approvals.approve(made, 'U0BEN', AT, newPress());
    expect(approvalIn(first)).toMatchObject({
      status: 'pending',
      outstanding: 1,
      votes: { U0BEN: { at: AT } },
    });
    expect(approvalIn(first)).not.toHaveProperty('decision');
    expect(await approvals.approve(made, 'U0BEN', LATER, newPress())).toMatchObject(refused('already_voted'));
    const second = await approvals.approve(made, 'U0DANA', LATER, newPress());
    expect(approvalIn(second)).toMatchObject({
      status: 'approved',
      outstanding: 0,
      decision: { by: 'U0DANA' },
      votes: { U0BEN: { at: AT }, U0DANA: { at: LATER } },
    });
  });

  it('counts two of three concurrent approvals and decides exactly once', async () => {
    for (let round = 0; round < 20; round += 1) {
      const made = await two();
      const pressed = await Promise.all(
        ['U0BEN', 'U0CHLOE', 'U0DANA'].map((who) => approvals.approve(made, who, AT, newPress())),
      );
      const deciding = pressed.filter((each) => each.changed && each.approval.decision);
      expect(deciding).toHaveLength(1);
      const now = await approvals.get(made);
      expect(Object.keys(now?.votes ?? {})).toHaveLength(2);
      expect(now).toMatchObject({ status: 'approved', outstanding: 0 });
    }
  });

  it.each<[string, Partial<Approval>, string, Refusal]>([
    ['from a person the policy does not name', {}, 'U0EVE', 'not_an_approver'],
    [
      'from the requester, even if they are an approver',
      { effectiveApprovers: ['U0ANA', 'U0BEN'] },
      'U0ANA',
      'own_request',
    ],
    [
      'if the approvers were resolved 15 minutes ago',
      { approversResolvedAt: '2026-11-02T09:50:00.000Z' },
      'U0BEN',
      'stale_membership',
    ],
    ['five seconds before the deadline', { deadline: '2026-11-02T10:05:05.000Z' }, 'U0BEN', 'past_deadline'],
    ['of an expired request', { status: 'expired' }, 'U0BEN', 'closed'],
  ])('rejects an approval %s, with the reason', async (_, differences, who, reason) => {
    for (const made of [await one(differences), await two({ ...differences })]) {
      expect(await approvals.approve(made, who, AT, newPress())).toMatchObject(refused(reason));
      expect(await approvals.get(made)).toEqual(made);
    }
  });

  it('accepts an approval one millisecond before these limits', async () => {
    const resolvedLately = { approversResolvedAt: '2026-11-02T09:50:00.001Z' };
    expect(await approvals.approve(await one(resolvedLately), 'U0BEN', AT, newPress())).toMatchObject({
      changed: true,
    });
    const deadline = { deadline: '2026-11-02T10:05:05.001Z' };
    expect(await approvals.approve(await one(deadline), 'U0BEN', AT, newPress())).toMatchObject({
      changed: true,
    });
  });

  it('lets an approver decline and the requester withdraw, but nobody else', async () => {
    const declined = await approvals.decline(await two(), { by: 'U0DANA', at: AT, reason: 'No' }, newPress());
    expect(approvalIn(declined)).toMatchObject({
      status: 'declined',
      decision: { outcome: 'declined', by: 'U0DANA', reason: 'No' },
      history: [{ action: 'declined', by: 'U0DANA', at: AT, reason: 'No' }],
    });
    const withdrawn = await approvals.decline(await one(), { by: 'U0ANA', at: AT }, newPress());
    expect(approvalIn(withdrawn)?.status).toBe('declined');
    const stranger = await approvals.decline(await one(), { by: 'U0EVE', at: AT }, newPress());
    expect(stranger).toMatchObject(refused('not_an_approver'));
  });

  it('undoes an approval once, while the request is pending', async () => {
    const made = await two();
    await approvals.approve(made, 'U0BEN', AT, newPress());
    const undone = approvalIn(await approvals.undo(made, 'U0BEN', LATER, newPress()));
    expect(undone).toMatchObject({ outstanding: 2, revision: 3 });
    expect(undone?.votes).toEqual({});
    expect(undone?.history.map(({ action }) => action)).toEqual(['approved', 'undid_approval']);
    expect(await approvals.undo(made, 'U0BEN', LATER, newPress())).toMatchObject(refused('no_vote'));
    expect(await approvals.undo(made, 'U0CHLOE', LATER, newPress())).toMatchObject(refused('no_vote'));
    await approvals.approve(made, 'U0BEN', LATER, newPress());
    await approvals.approve(made, 'U0CHLOE', LATER, newPress());
    expect(await approvals.undo(made, 'U0BEN', LATER, newPress())).toMatchObject(refused('decided'));
  });

  it('refuses a request that arrives again, and a press older than the last press of the same person', async () => {
    const made = await two();
    const [first, second, third] = [newPress(), newPress(), newPress()];
    await approvals.approve(made, 'U0BEN', AT, second);
    expect(await approvals.undo(made, 'U0BEN', AT, first)).toMatchObject(refused('replayed'));
    await approvals.undo(made, 'U0BEN', AT, third);
    expect(await approvals.approve(made, 'U0BEN', AT, second)).toMatchObject(refused('replayed'));
    expect(await approvals.approve(made, 'U0BEN', AT, first)).toMatchObject(refused('replayed'));
    // A copy with another time is still the same request.
    const copied = { ...second, actionTs: newPress().actionTs };
    expect(await approvals.approve(made, 'U0BEN', AT, copied)).toMatchObject(refused('replayed'));
    const sameTrigger = { trigger: second.trigger };
    expect(await approvals.decline(made, { by: 'U0CHLOE', at: AT }, sameTrigger)).toMatchObject(
      refused('replayed'),
    );
    expect(await approvals.cancel(made, { by: 'U0CHLOE', at: AT }, sameTrigger)).toMatchObject(
      refused('replayed'),
    );
    expect(await approvals.approve(made, 'U0BEN', AT, newPress())).toMatchObject({ changed: true });
    // The order of presses is compared for each person.
    expect(await approvals.approve(made, 'U0CHLOE', AT, first)).toMatchObject({ changed: true });
  });

  const terms = digestTerms({ limit: 182 });
  const earlier = digestTerms({ limit: 180 });
  const amendments = [amendment()];
  it.each<[string, Partial<Approval>, string | undefined]>([
    ['with other terms', { terms }, earlier.digest],
    ['with the terms before a change', { terms, amendments }, earlier.digest],
    ['without terms, after a change', { terms, amendments }, undefined],
    ['with terms, if the request has none', {}, terms.digest],
  ])('refuses a press on a message %s, and stores nothing', async (_, differences, termsDigest) => {
    for (const made of [await one(differences), await two(differences)]) {
      const press = { ...newPress(), termsDigest };
      expect(await approvals.approve(made, 'U0BEN', AT, press)).toMatchObject(refused('terms_changed'));
      const decline = { by: 'U0BEN', at: AT };
      expect(await approvals.decline(made, decline, press)).toMatchObject(refused('terms_changed'));
      expect(await approvals.get(made)).toEqual(made);
      // Other reasons are more useful to people who may not approve.
      expect(await approvals.approve(made, 'U0EVE', AT, press)).toMatchObject(refused('not_an_approver'));
    }
  });

  it.each<[string, Partial<Approval>, string | undefined]>([
    ['with the stored terms', { terms }, terms.digest],
    ['with the stored terms, after a change', { terms, amendments }, terms.digest],
    ['without terms, which an earlier version posted', { terms }, undefined],
    ['without terms, if the request has none', {}, undefined],
  ])('accepts a press on a message %s', async (_, differences, termsDigest) => {
    const press = () => ({ ...newPress(), termsDigest });
    const [made, declined] = [await one(differences), await one(differences)];
    expect(await approvals.approve(made, 'U0BEN', AT, press())).toMatchObject({ changed: true });
    expect(await approvals.decline(declined, { by: 'U0BEN', at: AT }, press())).toMatchObject({
      changed: true,
    });
  });

  it('undoes and cancels without terms, after a change', async () => {
    const made = await two({ terms, amendments });
    await approvals.approve(made, 'U0BEN', AT, { ...newPress(), termsDigest: terms.digest });
    expect(await approvals.undo(made, 'U0BEN', AT, newPress())).toMatchObject({ changed: true });
    expect(await approvals.cancel(made, { by: 'U0BEN', at: AT }, newPress())).toMatchObject({
      changed: true,
    });
  });

  it('stores the current approvers, removes votes of former approvers, and ignores outdated reads', async () => {
    const made = await two();
    const voted = approvalIn(await approvals.approve(made, 'U0BEN', AT, newPress())) ?? made;
    const outdated = await approvals.recordApprovers(made, here('U0BEN'), LATER);
    expect(outdated).toEqual({ recorded: false, approval: made });
    const { approval: after } = await approvals.recordApprovers(voted, here('U0CHLOE', 'U0DANA'), LATER);
    expect(after).toMatchObject({ outstanding: 2, approversResolvedAt: LATER, revision: 3 });
    expect(after.votes).toEqual({});
    expect(after.history.at(-1)).toEqual({ action: 'approval_lapsed', by: 'U0BEN', at: LATER });
    expect(after.history).toHaveLength(2);
    const same = await approvals.recordApprovers(after, here('U0CHLOE', 'U0DANA'), LATER);
    expect(same).toMatchObject({ recorded: true, approval: { revision: 3 } });
    expect(await approvals.approve(made, 'U0BEN', LATER, newPress())).toMatchObject(
      refused('not_an_approver'),
    );
  });

  it('changes nothing for an unknown approval and does not create it', async () => {
    const unknown = { execution: 'nowhere', id: 'approval-0' };
    const none = { ...refused('unknown'), current: undefined };
    expect(await approvals.approve(unknown, 'U0BEN', AT, newPress())).toEqual(none);
    expect(await approvals.decline(unknown, { by: 'U0BEN', at: AT }, newPress())).toEqual(none);
    expect(await approvals.undo(unknown, 'U0BEN', AT, newPress())).toEqual(none);
    await approvals.recordPosted(unknown, '1.0', 0);
    await approvals.recordShown(unknown, 0);
    expect(await approvals.get(unknown)).toBeUndefined();
  });
});
