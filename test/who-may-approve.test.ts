// Tests that everything that says who may approve agrees with the vote condition: the message, its buttons, the refusal,
// the reminder and Home. Policies, requesters, absences, votes and times are random; the condition is the real write to
// a DynamoDB engine.
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Approval } from '../domain/approval.ts';
import { digestTerms } from '../domain/terms.ts';
import { applyDelegations, delegatesToCheck } from '../domain/out-of-office.ts';
import { nobodyCanApprove, outstandingAfter, type Press, refusalOf } from '../domain/votes.ts';
import { approvalMessage } from '../slack/views/approval-message.ts';
import { refusalMessage } from '../slack/views/decision-refused.ts';
import { escalationReply } from '../slack/views/escalation-reply.ts';
import { homeView } from '../slack/views/home-view.ts';
import { statusText } from '../slack/views/status-text.ts';
import { amendment } from './support/amendments.ts';
import { newPress } from './support/action-request.ts';
import { approval, command } from './support/approvals.ts';
import { startTables, type TestTables } from './support/dynamodb.ts';

const PEOPLE = ['U0ANA', 'U0BEN', 'U0CHLOE', 'U0DANA', 'U0EVE', 'U0FINN', 'U0GINA'];
const ASKED_AT = Date.parse('2026-11-02T10:00:01.000Z');
const MINUTE = 60_000;

let tables: TestTables;
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.close());

const person = fc.constantFrom(...PEOPLE);
const people = (minLength: number, maxLength: number) => fc.uniqueArray(person, { minLength, maxLength });

const situations = fc.record({
  named: people(1, 5),
  isGroup: fc.boolean(),
  approvals: fc.integer({ min: 1, max: 3 }),
  requesters: people(0, 2),
  absences: fc.uniqueArray(fc.record({ person, delegate: fc.option(person, { nil: undefined }) }), {
    maxLength: 4,
    selector: ({ person: id }) => id,
  }),
  /** Those of the named approvers who approved before anybody left. */
  voted: people(0, 2),
  escalated: fc.boolean(),
  minutes: fc.integer({ min: 0, max: 20 }),
  resolvedMinutesAgo: fc.integer({ min: 0, max: 20 }),
  /** Whether the request has terms, and whether they were changed while it was pending. */
  terms: fc.constantFrom('none', 'first', 'changed'),
  /** Whether the press is on a message that shows the stored terms, earlier ones, or none. */
  shows: fc.constantFrom('these', 'these', 'earlier', 'none'),
});

type Situation = typeof situations extends fc.Arbitrary<infer S> ? S : never;

function approvalOf(situation: Situation, now: Date): Approval {
  const { named, isGroup, approvals, requesters, absences, voted, escalated } = situation;
  const before = approval({
    policy: { approvals, approvers: isGroup ? ['S0RISK'] : named },
    requesters,
    requester: requesters[0],
    approversResolvedAt: new Date(now.getTime() - situation.resolvedMinutesAgo * MINUTE).toISOString(),
    escalationSchedule: { escalateTo: isGroup ? [] : named.slice(0, 1) },
    terms: situation.terms === 'none' ? undefined : TERMS,
    amendments: situation.terms === 'changed' ? [amendment()] : undefined,
    escalationSteps: escalated ? { escalation: { at: '2026-11-02T10:12:00.000Z' } } : {},
  });
  const counted = voted
    .filter((id) => named.includes(id) && !requesters.includes(id))
    .slice(0, approvals - 1);
  const votes = Object.fromEntries(counted.map((id) => [id, { at: '2026-11-02T10:04:00.000Z' }]));
  const withVotes = { ...before, votes };
  const allowed = delegatesToCheck(named, absences, withVotes);
  const after = { ...withVotes, ...applyDelegations(named, absences, withVotes, allowed) };
  return { ...after, outstanding: outstandingAfter(after, votes) };
}

let count = 0;

const TERMS = digestTerms({ limit: 182 });

/** A press of Approve on a message with these terms. */
function pressOn({ terms }: Approval, shows: Situation['shows']): Press {
  const digests = { these: terms?.digest, earlier: digestTerms({ limit: 180 }).digest, none: undefined };
  return { ...newPress(), termsDigest: digests[shows] };
}

/** Whether the table stores an approval of this person. */
async function isStored(asked: Approval, by: string, now: Date, press: Press): Promise<boolean> {
  const own = { ...asked, execution: `run-${(count += 1)}` };
  await tables.approvals.create(own, 'token');
  return (await tables.approvals.approve(own, by, now.toISOString(), press)).changed;
}

const WHO = /from ([^.:]*?) by then|([^.:]*?)(?: may approve\.|: \*.*still waits)/;
const CAN_APPROVE = /: you are not among its approvers\. (.*?) (?:can|must) approve it\./;

/** The people whom the text names as those who may approve, without the approvers whom delegates replace. */
function namedIn(text: string, pattern: RegExp): readonly string[] {
  // Times contain colons and full stops.
  const words = text.replaceAll(/<!date[^>]*>/g, 'then').replace(/^.*? of \d approvals: .*? at then\. /, '');
  const [, first, second] = pattern.exec(words) ?? [];
  const who = first ?? second ?? '';
  return [...who.matchAll(/(for )?<@(\w+)>/g)]
    .flatMap(([, isFor, id = '']) => (isFor ? [] : [id]))
    .toSorted();
}

function homeOf(by: string, asked: Approval, now: Date) {
  return homeView({
    command,
    person: by,
    preferences: { directMessages: true },
    pending: [asked],
    more: false,
    decided: [],
    permalinks: new Map(),
    now,
  });
}

function offersApprove(view: object): boolean {
  return JSON.stringify(view).includes('"action_id":"approve"');
}

describe('who may approve now', () => {
  it('is the same for the vote condition, the message, the refusal, the reminder and Home', async () => {
    await fc.assert(
      fc.asyncProperty(situations, async (situation) => {
        const now = new Date(ASKED_AT + situation.minutes * MINUTE);
        const asked = approvalOf(situation, now);
        const acceptedOn = async (shows: Situation['shows']) => {
          const press = pressOn(asked, shows);
          const writes = await Promise.all(PEOPLE.map((by) => isStored(asked, by, now, press)));
          const stored = PEOPLE.filter((_, index) => writes[index]);
          expect(PEOPLE.filter((by) => !refusalOf(asked, 'approve', by, now, press))).toEqual(stored);
          return stored;
        };
        const accepted = await acceptedOn('these');
        const counts =
          situation.shows === 'these' || (situation.shows === 'none' && situation.terms !== 'changed');
        expect(await acceptedOn(situation.shows)).toEqual(counts ? accepted : []);

        const canBeApproved = !nobodyCanApprove(asked);
        const isFresh = situation.resolvedMinutesAgo < 15;
        const offered = PEOPLE.filter((by) => offersApprove(homeOf(by, asked, now)));
        // Home and the message do not know whether Slack could be asked who the approvers are.
        expect(isFresh ? offered : []).toEqual(canBeApproved ? accepted : []);
        expect(offersApprove(approvalMessage(asked).blocks)).toBe(canBeApproved);

        const isOpen = isFresh && situation.minutes < 15;
        const named = [
          namedIn(statusText(asked).sentence, WHO),
          namedIn(refusalMessage('not_an_approver', 'approve', asked), CAN_APPROVE),
          namedIn(escalationReply('reminder', asked).replace(/^:\w+: /, ''), WHO),
        ];
        expect(isOpen ? named : [[]]).toEqual((isOpen ? named : [[]]).map(() => accepted));
      }),
      { numRuns: 60 },
    );
  });
});
