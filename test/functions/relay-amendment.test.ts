// Tests amendments that workflows publish: which request they change, who is told, and what is done with those that are
// invalid, repeated, too early or too late.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Approval } from '../../domain/approval.ts';
import { digestTerms } from '../../domain/terms.ts';
import { relayResult } from '../../functions/relay-result.ts';
import { notifyVoters } from '../../functions/notify-voters.ts';
import { postApproval } from '../../slack/messages/post-approval.ts';
import { newPress } from '../support/action-request.ts';
import { TERMS } from '../support/amendments.ts';
import { approval, approvalOfTwo } from '../support/approvals.ts';
import { startTables, type TestTables } from '../support/dynamodb.ts';
import { memoryCopies } from '../support/memory-copies.ts';
import { CHANNEL, openSlackWorkspace, type SlackWorkspace } from '../support/slack-workspace.ts';
import { policiesWith } from '../support/policies.ts';

const AT = '2026-11-02T10:05:00.000Z';
const MINUTE = 60_000;
const { first, second, third } = TERMS;
const stateMachineArns = ['arn:aws:states:us-east-1:000000000000:stateMachine:trading'];
const arn = (execution: string) => `arn:aws:states:us-east-1:000000000000:execution:trading:${execution}`;
const asked = {
  title: 'Buy 9 AMZN',
  amount: 1_640,
  facts: [],
  reason: 'The price moved.',
  terms: { limit: 182 },
};
let tables: TestTables;
let workspace: SlackWorkspace;
let logged: Record<string, unknown>[] = [];
let now = new Date(AT);
let count = 0;
const copies = memoryCopies();

beforeAll(async () => {
  tables = await startTables();
  workspace = await openSlackWorkspace();
});
beforeEach(() => {
  logged = [];
  now = new Date(AT);
});
afterAll(async () => {
  tables.close();
  await workspace.slack.close();
});

async function posted(made: Approval = approvalOfTwo(), more: Partial<Approval> = {}): Promise<Approval> {
  const execution = `amended-${(count += 1)}`;
  const id = `approval-${count}`;
  const own = { ...made, execution, id, terms: first, executionArn: arn(execution), ...more };
  const { approvals } = tables;
  await approvals.create(own, `token-${own.id}`);
  await postApproval({ approvals, slack: workspace.client, now: () => now }, own);
  return get(own);
}

const get = async (made: Approval) => (await tables.approvals.get(made)) ?? made;
const press = () => ({ ...newPress(), termsDigest: first.digest });

function dependencies() {
  const { approvals, progress, audit, people, starts, completions } = tables;
  return {
    approvals,
    progress,
    audit,
    people,
    starts,
    completions,
    copies,
    identityOf: async () => undefined,
    describe: async () => ({ status: 'RUNNING', input: {} }),
    slack: async () => workspace.client,
    policies: policiesWith({ channel: CHANNEL }, stateMachineArns),
    acquire: async () => {},
    now: () => now,
    log: (event: string, fields: object = {}) => void logged.push({ event, ...fields }),
  };
}

async function publish(
  { executionArn }: Approval,
  amendment: unknown,
  sentAgo = 10 * MINUTE,
  more: object = {},
) {
  const body = { ExecutionId: executionArn, Input: { amendment, ...more } };
  const delivery = { firstSentAt: now.getTime() - sentAgo, acquire: async () => {} };
  await relayResult(dependencies())(JSON.parse(JSON.stringify(body)), delivery);
}

const events = () => logged.map(({ event }) => event);
const replies = ({ ts = '' }: Approval) => workspace.replies(ts).map(({ text }) => text);
const valid = { expectedDigest: first.digest, request: asked };

describe('an amendment', () => {
  it('changes the message at once, tells the people who had approved, and is in the audit and its copies', async () => {
    const made = await posted();
    await tables.approvals.approve(made, 'U0BEN', AT, press());
    await publish(made, valid);
    const { text, blocks } = workspace.shown(made.ts ?? '');
    expect(text).toMatch(
      /^Pending: Buy 9 AMZN, total USD\u00A01,640\.00\nNeeds 2 approvals .*\nChanged at .*10:05 UTC>\. Earlier approvals do not count\.\n.*\nThe price moved\.\n/,
    );
    expect(JSON.stringify(blocks)).toContain(second.digest);
    expect(JSON.stringify(blocks)).not.toContain(first.digest);
    expect(replies(made)).toEqual([
      ':pencil2: *Changed: Buy 9 AMZN, total USD\u00A01,640.00.* <@U0BEN>, your approval was for the earlier terms and no longer counts. Read the request again, and press Approve if you approve it as it is now.',
    ]);
    expect(events()).toEqual(['request_amended', 'voters_notified']);
    const entries = [...copies.entries.values()].filter(
      (entry) => 'approval' in entry && entry.approval === made.id,
    );
    expect(entries).toMatchObject([{ action: 'amended', at: AT, title: 'Buy 9 AMZN', amount: 1_640 }]);
    expect(entries[0]).not.toHaveProperty('by');
  });

  it('is delivered again without effect, and finishes what an earlier delivery left', async () => {
    const made = await posted();
    await tables.approvals.approve(made, 'U0BEN', AT, press());
    // The earlier delivery stopped after the write.
    await tables.approvals.amend(made, first.digest, { request: asked, terms: second }, now);
    for (let delivery = 0; delivery < 2; delivery += 1) await publish(made, valid);
    expect(replies(made)).toHaveLength(1);
    expect(workspace.shown(made.ts ?? '').text).toContain('Buy 9 AMZN');
    expect((await get(made)).amendments).toHaveLength(1);
    expect(events()).toEqual(['voters_notified']);
  });

  it('changes the approval that its id names, and without id the only pending one', async () => {
    const made = await posted();
    const other = await posted(approval(), { execution: made.execution, executionArn: made.executionArn });
    await publish(made, valid);
    expect(logged).toEqual([
      { event: 'amendment_ignored', execution: made.execution, approval: undefined, pending: 2 },
    ]);
    await publish(made, { ...valid, id: other.id });
    expect((await get(other)).terms).toEqual(second);
    expect((await get(made)).terms).toEqual(first);
  });

  it('changes no approval of another execution', async () => {
    const [made, other] = [await posted(), await posted()];
    await publish(made, { ...valid, id: other.id });
    expect(events()).toEqual(['amendment_ignored']);
    expect((await get(other)).terms).toEqual(first);
  });

  it.each<[string, unknown, string]>([
    ['without terms', { ...valid, request: { ...asked, terms: undefined } }, 'request.terms is missing.'],
    [
      'with an empty title',
      { ...valid, request: { ...asked, title: ' ' } },
      'request.title must not be empty.',
    ],
    [
      'with a short digest',
      { ...valid, expectedDigest: 'abc' },
      'expectedDigest must be the SHA-256 of the terms as 64 characters of 0-9a-f.',
    ],
    ['that is no object', 'amend!', 'The input must be Object.'],
  ])('%s is not retried, and the thread says so once', async (_, amendment, reason) => {
    const made = await posted();
    for (let delivery = 0; delivery < 2; delivery += 1) await publish(made, amendment);
    const said = `:warning: *Not changed.* The workflow sent an invalid change of this request: ${reason} It stays as it is; tell your operator.`;
    expect(replies(made)).toEqual([said]);
    expect(logged[0]).toEqual({
      event: 'amendment_invalid',
      execution: made.execution,
      approval: made.id,
      reason,
    });
    expect(await get(made)).toMatchObject({ terms: first, revision: 1 });
  });

  it('above every tier is refused, and the thread says so', async () => {
    const rules = {
      approvers: ['U0BEN'],
      tiers: [{ upToUsd: 5_000, approvals: 1 }],
      startedOutsideSlack: 'as-usual',
      confirmFromUsd: 1,
    } as const;
    const made = await posted(approval({ policy: { approvals: 1, approvers: ['U0BEN'], rules } }));
    await publish(made, { ...valid, request: { ...asked, amount: 5_001 } });
    expect(replies(made)).toEqual([
      expect.stringContaining(
        '*Not changed.* The workflow wanted to change this to *Buy 9 AMZN, total USD\u00A05,001.00*',
      ),
    ]);
    expect(logged).toMatchObject([{ event: 'amendment_refused', reason: 'above_limit' }]);
    expect((await get(made)).terms).toEqual(first);
  });

  it('of a decided request is logged, and changes nothing', async () => {
    const made = await posted(approval());
    await tables.approvals.approve(made, 'U0BEN', AT, press());
    await publish(made, { ...valid, id: made.id });
    expect(logged).toMatchObject([{ event: 'amendment_refused', reason: 'decided' }]);
    expect(await get(made)).toMatchObject({ status: 'approved', terms: first });
    expect(replies(made)).toEqual([]);
  });

  it('waits five minutes for the amendment before it, or for the request', async () => {
    const made = await posted();
    const next = { expectedDigest: second.digest, request: { ...asked, terms: { limit: 184 } } };
    await expect(publish(made, next, 5 * MINUTE - 1)).rejects.toMatchObject({ name: 'AmendmentTooEarly' });
    await publish(made, valid, MINUTE);
    await publish(made, next, MINUTE);
    expect((await get(made)).terms).toEqual(third);
    // An old one does not wait.
    await publish(made, valid, 0);
    expect(logged.at(-1)).toMatchObject({ event: 'amendment_refused', reason: 'terms_changed' });
    await publish(made, { ...valid, request: { ...asked, terms: { limit: 1 } } }, 0);
    expect(logged.at(-1)).toMatchObject({ event: 'amendment_refused', reason: 'terms_changed' });
    const never = { ...made, executionArn: arn('never') };
    await expect(publish(never, valid, 0)).rejects.toMatchObject({ name: 'AmendmentTooEarly' });
    await publish(never, valid, 5 * MINUTE);
    expect(logged.at(-1)).toMatchObject({ event: 'amendment_ignored', execution: 'never', pending: 0 });
  });

  it('is ignored in a message with a result, because a workflow may publish all of its data', async () => {
    const made = await posted();
    await publish(made, valid, 0, { result: { outcome: 'cancelled' } });
    expect(await get(made)).toMatchObject({ terms: first, result: { outcome: 'cancelled' } });
  });
});

describe('notifyVoters', () => {
  const amended = async () => {
    const made = await posted();
    await tables.approvals.approve(made, 'U0BEN', AT, press());
    await tables.approvals.amend(made, first.digest, { request: asked, terms: second }, now);
    return get(made);
  };

  it('searches for its reply if an earlier worker may have posted it', async () => {
    const made = await amended();
    const { approvals } = tables;
    const recordVotersNotified = async () => Promise.reject(new Error('The table is away'));
    await expect(
      notifyVoters(made, { ...dependencies(), approvals: { ...approvals, recordVotersNotified } }),
    ).rejects.toThrow('The table is away');
    await notifyVoters(await get(made), dependencies());
    expect((await get(made)).amendmentsNotified).toBeUndefined();
    now = new Date(now.getTime() + MINUTE);
    await notifyVoters(await get(made), dependencies());
    expect(replies(made)).toHaveLength(1);
    expect(await get(made)).toMatchObject({ amendmentsNotified: 1 });
  });

  it('posts at once after Slack refused the reply', async () => {
    const made = await amended();
    workspace.slack.refuse('chat.postMessage', 'invalid_auth', { times: 1 });
    await expect(notifyVoters(made, dependencies())).rejects.toThrow('invalid_auth');
    await notifyVoters(await get(made), dependencies());
    expect(replies(made)).toHaveLength(1);
  });

  it('tells nobody who approved again, and nobody after the decision', async () => {
    const [again, over] = [await amended(), await amended()];
    const newTerms = () => ({ ...newPress(), termsDigest: second.digest });
    await tables.approvals.approve(again, 'U0BEN', AT, newTerms());
    await notifyVoters(await get(again), dependencies());
    expect(await get(again)).toMatchObject({ amendmentsNotified: 1 });
    await tables.approvals.decline(over, { by: 'U0CHLOE', at: AT }, newTerms());
    await notifyVoters(await get(over), dependencies());
    expect([...replies(again), ...replies(over)]).toEqual([]);
  });

  it('asks nobody to press who may not approve any more', async () => {
    const made = await posted();
    await tables.approvals.approve(made, 'U0BEN', AT, press());
    const request = { ...asked, requester: 'U0BEN' };
    await tables.approvals.amend(made, first.digest, { request, terms: digestTerms({}) }, now);
    await notifyVoters(await get(made), dependencies());
    expect(replies(made)).toEqual([
      expect.stringMatching(/<@U0BEN>, your approval was for the earlier terms and no longer counts\.$/),
    ]);
  });
});
