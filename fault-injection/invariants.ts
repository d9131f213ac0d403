// Checks the invariants after a story, with or without an injected fault: nothing is lost, doubled or stuck, people get
// every answer, and messages show the stored state. In a state of the world, its conditions say what is impossible and
// who must be told instead. `cases.ts` and `state-cases.ts` call it for the executions of one story.
import { isDeepStrictEqual } from 'node:util';
import { paginateScan } from '@aws-sdk/client-dynamodb';
import { DescribeExecutionCommand, GetExecutionHistoryCommand } from '@aws-sdk/client-sfn';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { approvalMessage } from '../slack/views/approval-message.ts';
import type { Approval, Result } from '../domain/approval.ts';
import type { Message } from '../local/slack/slack.ts';
import { checkCopies, copiesOf } from './check-copies.ts';
import { checkActors, checkExpiry, checkPolicy } from './check-decision.ts';
import {
  checkAskedDirectly,
  checkReconciler,
  checkResultHeard,
  checkStepHeard,
  resultsAmong,
  resultsOf,
} from './check-heard.ts';
import { couldBeAsked, NORMAL, type World } from './conditions.ts';
import { aboutApproval, ANA, type Harness } from './harness.ts';
import { filledOrders, openOrders, openReservations, unexplainedCents } from './paper-orders.ts';
import { type Violation, when } from './violation.ts';

/** The executions and fills that existed before the story, which the checks ignore. */
export interface Baseline {
  readonly executions: ReadonlySet<string>;
  readonly fills: number;
}

type Item = ReturnType<typeof unmarshall>;

export async function takeBaseline(harness: Harness): Promise<Baseline> {
  return { executions: new Set(await harness.executions()), fills: (await fills(harness)).length };
}

export async function violations(
  harness: Harness,
  { executions, fills: fillsBefore }: Baseline,
  world: World = NORMAL,
): Promise<readonly Violation[]> {
  const arns = (await harness.executions()).filter((arn) => !executions.has(arn));
  const items = await scan(harness, 'ApprovalsTable');
  const audited = await scan(harness, 'AuditTable');
  const copies = await copiesOf(harness, audited);
  const all: Violation[] = [];
  let expected = 0;
  for (const arn of arns) {
    const approvals = items
      .filter((item) => item['request'] && item['executionArn'] === arn)
      .map((item) => toApproval(item))
      .toSorted((one, other) => one.askedAt.localeCompare(other.askedAt));
    expected += approvals.filter(({ result }) => tellsFill(result)).length;
    all.push(
      ...(await checkExecution(harness, arn, approvals, world)),
      ...approvals.flatMap((each) => [
        ...checkApproval(harness, each, audited, world),
        ...checkCopies(each, audited, copies),
      ]),
    );
  }
  const filled = (await fills(harness)).length - fillsBefore;
  return [
    ...all,
    ...checkReconciler(world),
    ...when(
      filled > expected,
      'doubled',
      `${filled} orders were filled, and the results tell of ${expected}`,
    ),
    ...when(filled < expected, 'lost', `${filled} orders were filled, and the results tell of ${expected}`),
    ...checkBroker(await scan(harness, 'LedgerTable')),
  ];
}

/** A result of an execution that failed or was stopped says what had been filled, too. */
function tellsFill(result: Result | undefined): boolean {
  return /\b(Bought|Sold) \d/.test(result?.text ?? '');
}

/** Nothing works at the broker, nothing is reserved, and the account is what its orders make of it. */
function checkBroker(items: readonly Item[]): readonly Violation[] {
  const [working, reserved] = [openOrders(items).length, openReservations(items).length];
  const difference = unexplainedCents(items);
  return [
    ...when(working > 0, 'stuck', `${working} orders work at the broker, and nobody follows them`),
    ...when(reserved > 0, 'stuck', `${reserved} reservations were not settled`),
    ...when(difference !== 0, 'untrue', `the account differs from its orders by ${difference} cents`),
  ];
}

/** ARNs of the executions since the baseline that requested no approval. */
export async function unasked(harness: Harness, { executions }: Baseline): Promise<readonly string[]> {
  const items = await scan(harness, 'ApprovalsTable');
  const asked = new Set(items.filter((item) => item['request']).map((item) => item['executionArn']));
  return (await harness.executions()).filter((arn) => !executions.has(arn) && !asked.has(arn));
}

async function checkExecution(
  harness: Harness,
  executionArn: string,
  approvals: readonly Approval[],
  { conditions }: World,
): Promise<readonly Violation[]> {
  const {
    status,
    error,
    output: ended,
  } = await harness.sfn.send(new DescribeExecutionCommand({ executionArn }));
  const { events = [] } = await harness.sfn.send(
    new GetExecutionHistoryCommand({ executionArn, maxResults: 1_000 }),
  );
  const name = executionArn.split(':').at(-1) ?? '';
  const retried = new Set(events.filter(({ type }) => type === 'TaskFailed').map(({ id }) => id));
  // A state that is retried after an error of SQS pauses once.
  const pauses = events.filter(
    ({ taskScheduledEventDetails, previousEventId }) =>
      taskScheduledEventDetails?.resourceType === 'sqs' && !retried.has(previousEventId),
  ).length;
  const outputs = events
    .filter(({ taskSucceededEventDetails }) => taskSucceededEventDetails?.resourceType === 'sqs')
    .map(({ taskSucceededEventDetails }) => JSON.parse(taskSucceededEventDetails?.output ?? '{}'));
  const decisions = approvals.flatMap(({ decision }) => decision ?? []);
  const { fill, result } = JSON.parse(ended ?? '{}');
  // Each pause (a state that waits for a decision) has an approval. The exceptions are executions that were stopped
  // early, and amounts above the limit.
  const stopped = events.filter(({ type }) => type === 'ExecutionAborted').length;
  const withoutApproval = error === 'AboveLimit' ? pauses : stopped;
  return [
    ...when(status === 'RUNNING', 'stuck', `${name} is still running`),
    ...when(
      approvals.length > pauses,
      'doubled',
      `${name} paused ${pauses} times and has ${approvals.length} approvals`,
    ),
    ...when(
      approvals.length < pauses - withoutApproval,
      'lost',
      `${name} paused ${pauses} times and has ${approvals.length} approvals`,
    ),
    ...when(
      outputs.length > decisions.length,
      'doubled',
      `${name} was resumed ${outputs.length} times and has ${decisions.length} decisions`,
    ),
    ...outputs.flatMap((output) =>
      when(
        !decisions.some(
          ({ outcome, by, at }) => output.outcome === outcome && output.by === by && output.at === at,
        ),
        'untrue',
        `${name} was resumed with a decision that nobody made: ${JSON.stringify(output)}`,
      ),
    ),
    // While the channel is closed, a request has no message, and `checkResultHeard` checks who heard its result.
    ...(approvals.some(({ ts }) => ts !== undefined || conditions.channelClosedAt !== undefined)
      ? []
      : announcedOnce(
          [
            ...channel(harness),
            // Only the requester hears that the workflow refused the request.
            ...(result?.outcome === 'refused' ? harness.slack.directMessages(ANA) : []),
          ].filter(({ text }) => text.includes(`Execution \`${name}\`.`)),
          name,
        )),
    ...(fill ? checkFill(fill, approvals, name) : []),
    ...(fill ? checkFilledQuantity(fill, await scan(harness, 'LedgerTable'), name) : []),
  ];
}

/** The results that people read must equal the fills at the broker. */
function checkFilledQuantity(fill: Item, items: readonly Item[], name: string): readonly Violation[] {
  const order = filledOrders(items).find(({ id }) => id === fill['id']);
  return when(
    order?.filled !== fill['quantity'],
    'untrue',
    `${name} reports ${fill['quantity']} shares, the broker filled ${order?.filled}`,
  );
}

/** The fill must have the approved side, symbol and quantity or a part of it, at a price no worse than the limit. */
function checkFill(fill: Item, approvals: readonly Approval[], name: string): readonly Violation[] {
  const { side, symbol, quantity, limitPrice } = JSON.parse(approvals.at(-1)?.terms?.json ?? '{}');
  const isWorse = side === 'buy' ? fill['price'] > limitPrice : fill['price'] < limitPrice;
  const isSame = fill['side'] === side && fill['symbol'] === symbol && fill['quantity'] <= quantity;
  return when(
    isWorse || !isSame,
    'untrue',
    `${name} traded ${JSON.stringify(fill)}, and people approved ${approvals.at(-1)?.terms?.json}`,
  );
}

function checkApproval(
  harness: Harness,
  approval: Approval,
  audited: readonly Item[],
  world: World,
): readonly Violation[] {
  const { id, execution, ts, result, history, settledAt = '' } = approval;
  // Slack has refused updates of the message since then.
  const frozenAt = world.conditions.channelClosedAt ?? Infinity;
  const posted = channel(harness).filter((message) => aboutApproval(message) === id);
  const about = audited.filter((item) => item['approval'] === id);
  const entries = about.filter(({ name }) => /^-\d+$/.test(String(name).slice(id.length)));
  const events = about.filter(({ action }) => action === 'requested' || action === 'ended').length;
  return [
    ...when(!result && ts !== undefined, 'stuck', `${execution}: the approval has no result`),
    ...when(posted.length > 1, 'doubled', `${execution}: the request was posted ${posted.length} times`),
    ...when(
      posted.length === 0 &&
        result?.outcome === 'done' &&
        couldBeAsked(approval, world.conditions) &&
        !world.conditions.deleted.has(id),
      'silent',
      `${execution}: the request was not posted`,
    ),
    ...posted.flatMap((message) => (Date.parse(settledAt) < frozenAt ? checkMessage(message, approval) : [])),
    ...(ts || frozenAt < Infinity ? checkResultHeard(harness, approval, world) : []),
    ...checkAskedDirectly(harness, approval, world),
    ...(['reminder', 'escalation'] as const).flatMap((step) =>
      checkStepHeard(harness, approval, step, world),
    ),
    ...checkDirectMessages(harness, approval, world),
    ...checkPolicy(approval),
    ...checkExpiry(approval, world),
    ...checkActors(approval, world),
    ...when(
      entries.length < history.length,
      'lost',
      `${execution}: the audit has ${entries.length} entries for ${history.length} actions`,
    ),
    ...when(
      entries.length > history.length,
      'doubled',
      `${execution}: the audit has ${entries.length} entries for ${history.length} actions`,
    ),
    ...when(
      result !== undefined && events < 2,
      'lost',
      `${execution}: the audit lacks the request or the result`,
    ),
  ];
}

/** The message must show the stored state of the approval. */
function checkMessage({ text, blocks }: Message, approval: Approval): readonly Violation[] {
  const view = approvalMessage(approval);
  const buttons = (shown: unknown) => JSON.stringify(shown).match(/"action_id":"\w+"/g) ?? [];
  const isCurrent = text === view.text && isDeepStrictEqual(buttons(blocks), buttons(view.blocks));
  return when(
    !isCurrent,
    'untrue',
    `${approval.execution}: the message shows “${text.slice(0, 60)}”, the stored approval “${view.text.slice(0, 60)}”`,
  );
}

/** How often the app may try to write to a person whom it cannot reach. */
const MAX_ATTEMPTS = 3;

/** The requester gets one direct message about the result, unless they ended the request themselves. */
function checkDirectMessages(
  harness: Harness,
  approval: Approval,
  { conditions, logged }: World,
): readonly Violation[] {
  const { slack } = harness;
  const { requester, result, decision, cancellation, execution, ts } = approval;
  const isExpected = ts !== undefined || conditions.channelClosedAt !== undefined;
  if (!requester || !result || !isExpected || requester === (cancellation ?? decision)?.by) return [];
  if (requester === conditions.unreachable) {
    const attempts = logged('person_unreachable').length;
    return when(
      attempts === 0 || attempts > MAX_ATTEMPTS,
      attempts === 0 ? 'silent' : 'stuck',
      `${execution}: the app tried ${attempts} times to write to the requester`,
    );
  }
  const sent = resultsAmong(slack.directMessages(requester), harness, approval).length;
  return [
    ...when(sent === 0, 'silent', `${execution}: the requester got no direct message`),
    ...when(sent > resultsOf(approval), 'doubled', `${execution}: the requester got ${sent} direct messages`),
  ];
}

function announcedOnce(messages: readonly Message[], name: string): readonly Violation[] {
  return [
    ...when(messages.length === 0, 'silent', `${name}: its result was not posted`),
    ...when(messages.length > 1, 'doubled', `${name}: its result was posted ${messages.length} times`),
  ];
}

function channel({ slack }: Harness): readonly Message[] {
  return slack.messages().filter(({ threadTs }) => !threadTs);
}

async function fills(harness: Harness): Promise<readonly string[]> {
  return filledOrders(await scan(harness, 'LedgerTable')).map(({ id }) => id);
}

async function scan({ dynamodb, cloud }: Harness, output: string): Promise<readonly Item[]> {
  const found: Item[] = [];
  for await (const { Items = [] } of paginateScan({ client: dynamodb }, { TableName: cloud.outputs[output] }))
    found.push(...Items.map((item) => unmarshall(item)));
  return found;
}

/** Removes the task token. The cast is safe because only this project writes the items. */
function toApproval(item: Item): Approval {
  const { taskToken: _token, ...approval } = item;
  return approval as Approval;
}
