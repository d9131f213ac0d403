// Checks a world in which nothing is in progress: the message, the token, the answers, the history and the audit. Each
// violation is a sentence. Called by the property of the interleavings.
import { isDeepStrictEqual } from 'node:util';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { keyOf } from '../../aws/audit-copies.ts';
import type { AuditEntry } from '../../domain/audit.ts';
import { toApprovalWithToken } from '../../aws/approval-items.ts';
import { approvalMessage } from '../../slack/views/approval-message.ts';
import type { Approval, Status, Step } from '../../domain/approval.ts';
import { filledOrders } from '../../fault-injection/paper-orders.ts';
import type { Phase } from './execution.ts';
import type { Delivery } from './presses.ts';
import { NONE, type Posted } from './slack.ts';
import { CHANNEL } from './trade.ts';
import { KEY, type World } from './world.ts';

/** Each a sentence; none: all is well. */
type Faults = readonly string[];

/** The last state of the message is the approval's. */
export function messageFaults(world: World): Faults {
  const approval = approvalIn(world);
  const shown = approval?.ts === undefined ? undefined : world.slack.messages.get(approval.ts);
  if (!approval || !shown || mayLag(approval, shown)) return [];
  const { text, blocks } = approvalMessage(approval);
  const same = shown.text === text && shown.blocks === JSON.stringify(blocks);
  return unless(same, `The message says\n${shown.text}\nand the approval\n${text}`);
}

/** Where the message is known to stay behind until somebody presses, or it ends. */
function mayLag(
  { decision, sentAt, result, resubmitted, revision, shownRevision }: Approval,
  { lost, by }: Posted,
): boolean {
  // Decided, and not handed over: whoever pressed heard it.
  if (decision && !sentAt && !result) return true;
  // Over, asked again, and that could not be shown: nobody looks at it any more.
  if (resubmitted && shownRevision !== revision) return true;
  // Who updated it last showed less than was shown before, and did not live to see that: the refresh does not, either.
  return shownRevision === revision && (lost || by.dead);
}

/** To be asked once the ending is told. */
export function faultsAtTheEnd(world: World): Faults {
  const approval = approvalIn(world);
  const { deliveries } = world.presses;
  const history = approval?.history ?? [];
  return [
    ...messageFaults(world),
    ...tokenFaults(world, approval),
    ...deliveries.filter(({ run }) => !run.dead).flatMap((each) => answerFaults(each, history)),
    // The refresh adds the steps of approvals that lapsed, and a workflow amends. No press does.
    ...history
      .filter(({ action }) => action !== 'approval_lapsed' && action !== 'amended')
      .flatMap((step) => {
        const made = deliveries.filter((each) => isOf(step, each)).length;
        return unless(made === 1, `${made} deliveries made one step: ${JSON.stringify(step)}`);
      }),
    ...history.flatMap((step, index) => {
      const isAmended = history.slice(0, index).some(({ action }) => action === 'amended');
      return termsFaults(step, isAmended, deliveries);
    }),
    ...(approval ? [...auditFaults(world, approval), ...endingFaults(world, approval)] : []),
  ];
}

function approvalIn({ database }: World): Approval | undefined {
  const item = database.items('Approvals').find(({ id }) => id?.S === KEY.id);
  return item && toApprovalWithToken(item).approval;
}

function unless(holds: boolean, fault: string): Faults {
  return holds ? [] : [fault];
}

function tokenFaults({ execution, database }: World, approval: Approval | undefined): Faults {
  const { outputs, phase, started } = execution;
  const fills = filledOrders(database.items('Ledger').map((item) => unmarshall(item)));
  const votes = Object.entries(approval?.votes ?? {}).map(([by, { at }]) => {
    const person = approval?.delegateFor[by];
    return { by, at, ...(person && { for: person }) };
  });
  const decided = { ...approval?.decision, id: KEY.id, termsDigest: approval?.terms?.digest, votes };
  const mayFill = phase === 'done' || (phase === 'cancelled' && approval?.decision?.outcome === 'approved');
  return [
    ...unless(outputs.length <= 1, 'The token was sent with effect more than once'),
    ...outputs.flatMap((output) =>
      unless(isDeepStrictEqual(output, decided), `Sent was not what is decided: ${JSON.stringify(output)}`),
    ),
    ...unless(fills.length <= (mayFill ? 1 : 0), `${fills.length} orders were filled, it is ${phase}`),
    ...unless(started.size <= 1, 'It was asked again more than once'),
    ...unless(phase !== 'done' || fills.length === 1, 'It says filled, and nothing was'),
    // The state that trades compares the terms with its own, which are the first ones.
    ...unless(
      !['waiting', 'trading', ...(approval?.amendments ? [] : ['failed'])].includes(phase),
      `The execution stays ${phase}`,
    ),
    ...unless(fills.length === 0 || !approval?.amendments, 'Traded on other terms than were approved'),
  ];
}

const steps = {
  approve: 'approved',
  undo_approval: 'undid_approval',
  submit: 'declined',
  stop: 'cancelled',
} as const;

function isOf(step: Step, { who, action, run }: Delivery): boolean {
  return isVote(action) && steps[action] === step.action && step.by === who && run.times.includes(step.at);
}

function isVote(action: Delivery['action']): action is keyof typeof steps {
  return action in steps;
}

/** Nobody decides on terms that their message did not show. */
function termsFaults(step: Step, isAmended: boolean, deliveries: readonly Delivery[]): Faults {
  if (step.action !== 'approved' && step.action !== 'declined') return [];
  return deliveries
    .filter((each) => isOf(step, each))
    .flatMap(({ shown }) =>
      unless((shown === 'changed') === isAmended, `Decided on ${shown} terms: ${JSON.stringify(step)}`),
    );
}

/** Of DynamoDB and Slack together: so many are done in the three seconds that Slack waits. */
const MOST_CALLS = 30;

/** Slack was answered, and the person sees or hears what came of it. */
function answerFaults(delivery: Delivery, history: readonly Step[]): Faults {
  const { who, action, answer, run } = delivery;
  const answered = run.said.length > 0 || (action === 'cancel' && answer?.body !== '');
  const seen = history.some((step) => isOf(step, delivery)) || answered;
  return [
    ...unless(run.calls <= MOST_CALLS, `${who} ${action}: answered after ${run.calls} calls`),
    ...unless(answer?.status === 200, `${who} ${action}: Slack had ${answer?.status ?? 'no answer'}`),
    ...unless(seen, `${who} ${action}: nothing changed, and nobody said why`),
  ];
}

function auditFaults({ database, copies, presses, broken }: World, approval: Approval): Faults {
  const { id, history, decision } = approval;
  const entries = database.items('Audit').map((item) => unmarshall(item));
  const kept = entries
    .filter(({ name }) => /-\d+$/.test(name))
    .toSorted((one, other) => (one['name'] < other['name'] ? -1 : 1));
  const told = kept.map(({ name, action, by, at, reason, decided }) => ({
    name,
    action,
    by,
    at,
    reason,
    decided,
  }));
  const expected = history.map(({ action, by, at, reason }, index) => {
    const decided = index === history.length - 1 ? decision?.outcome : undefined;
    return { name: `${id}-${index}`, action, by, at, reason, decided };
  });
  const refused = presses.deliveries.filter(
    (each) => isVote(each.action) && !history.some((step) => isOf(step, each)),
  );
  const refusals = entries.filter(({ action }) => action === 'was_refused').length;
  // A press of Decline or a command `cancel` may be refused too, before there is anything to submit.
  const asking = presses.deliveries.filter(({ action }) => action === 'decline' || action === 'cancel');
  const uncopied = entries
    .map(({ month: _month, id: _id, ...entry }) => entry as AuditEntry)
    .filter((entry) => !COPIED_LATER.includes(entry.action) || copies.has(keyOf(entry)))
    .filter((entry) => !isDeepStrictEqual(plain(copies.get(keyOf(entry))), entry));
  return [
    ...unless(uncopied.length === 0, `Not copied as they are: ${JSON.stringify(uncopied)}`),
    ...unless(
      isDeepStrictEqual(told, expected),
      `The audit has ${JSON.stringify(told)}, not ${JSON.stringify(expected)}`,
    ),
    ...unless(
      broken.length > 0 || (refusals >= refused.length && refusals <= refused.length + asking.length),
      `${refused.length} to ${refused.length + asking.length} were refused, the audit has ${refusals}`,
    ),
  ];
}

/** Without what is undefined, as S3 and DynamoDB store it. */
/**
 * The reconciler copies these a minute later. `cancelled` is one of them if the execution ended, and its result was
 * handled, before the request was stored.
 */
const COPIED_LATER: readonly AuditEntry['action'][] = ['was_refused', 'resubmitted', 'cancelled'];

const plain = (entry: AuditEntry | undefined): unknown => entry && JSON.parse(JSON.stringify(entry));

const statuses: Readonly<Partial<Record<Phase, Status>>> = {
  done: 'approved',
  failed: 'approved',
  declined: 'declined',
  expired: 'expired',
  cancelled: 'cancelled',
};

function endingFaults({ execution, slack, queues, broken }: World, approval: Approval): Faults {
  const { ts, result, status } = approval;
  // Asked too late: the execution had ended, and that was told without it.
  if (!ts && !result) return [];
  // In the thread; or, where it was told before there was one, by itself.
  const completions = [...slack.messages.values()].filter(
    ({ channel, blocks, text }) =>
      channel === CHANNEL && blocks === NONE && !/^:(bell|mega|wave|pencil2):/.test(text),
  ).length;
  // Two at once may tell it twice: better than not at all.
  const mayRepeat = broken.length > 0 || queues.repeated.has('results');
  const posts = slack.posts().length;
  const changed = [...slack.messages.values()].filter(({ text }) => text.startsWith(':pencil2:')).length;
  const climbed = [...slack.messages.values()].filter(({ text }) => /^:(bell|mega):/.test(text)).length;
  const escalationSteps = Object.values(approval.escalationSteps).filter((step) => step?.ts).length;
  return [
    ...unless(
      result?.outcome === execution.phase,
      `It is ${execution.phase}, and ${result?.outcome} on record`,
    ),
    ...unless(status === statuses[execution.phase], `It is ${execution.phase}, and the approval ${status}`),
    ...unless(
      completions === 1 || (completions > 1 && mayRepeat),
      `The ending was told ${completions} times`,
    ),
    ...unless(
      broken.length > 0 || climbed === escalationSteps,
      `${climbed} rungs were told, ${escalationSteps} climbed`,
    ),
    ...unless(changed <= 1 || mayRepeat, `The change was told ${changed} times`),
    ...unless(broken.length > 0 ? posts > 0 : posts === 1, `It was asked ${posts} times`),
  ];
}
