// Checks the invariants after a story, with or without an injected fault: nothing is lost, doubled or stuck, people get
// every answer, and messages show the stored state. `cases.ts` calls it for the executions of one story.
import { isDeepStrictEqual } from 'node:util';
import { paginateScan } from '@aws-sdk/client-dynamodb';
import { DescribeExecutionCommand, GetExecutionHistoryCommand } from '@aws-sdk/client-sfn';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { resultReply } from '../slack/views/result-reply.ts';
import { approvalMessage } from '../slack/views/approval-message.ts';
import type { Approval } from '../domain/approval.ts';
import type { Message } from '../local/slack/slack.ts';
import { checkCopies, copiesOf } from './check-copies.ts';
import { aboutApproval, type Harness } from './harness.ts';
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
    expected += approvals.filter(({ result }) => result?.outcome === 'done').length;
    all.push(
      ...(await checkExecution(harness, arn, approvals)),
      ...approvals.flatMap((each) => [
        ...checkApproval(harness, each, audited),
        ...checkCopies(each, audited, copies),
      ]),
    );
  }
  const filled = (await fills(harness)).length - fillsBefore;
  return [
    ...all,
    ...when(
      filled > expected,
      'doubled',
      `${filled} orders were filled for ${expected} successful approvals`,
    ),
    ...when(filled < expected, 'lost', `${filled} orders were filled for ${expected} successful approvals`),
  ];
}

async function checkExecution(
  harness: Harness,
  executionArn: string,
  approvals: readonly Approval[],
): Promise<readonly Violation[]> {
  const { status, error } = await harness.sfn.send(new DescribeExecutionCommand({ executionArn }));
  const { events = [] } = await harness.sfn.send(
    new GetExecutionHistoryCommand({ executionArn, maxResults: 1_000 }),
  );
  const name = executionArn.split(':').at(-1) ?? '';
  const pauses = events.filter(
    ({ taskScheduledEventDetails }) => taskScheduledEventDetails?.resourceType === 'sqs',
  ).length;
  const outputs = events
    .filter(({ taskSucceededEventDetails }) => taskSucceededEventDetails?.resourceType === 'sqs')
    .map(({ taskSucceededEventDetails }) => JSON.parse(taskSucceededEventDetails?.output ?? '{}'));
  const decisions = approvals.flatMap(({ decision }) => decision ?? []);
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
    ...(approvals.some(({ ts }) => ts)
      ? []
      : announcedOnce(
          channel(harness).filter(({ text }) => text.includes(`Execution \`${name}\`.`)),
          name,
        )),
  ];
}

const COMPLETED = /\*(Filled|Declined|Expired|Failed|Unclear|Cancelled)/;

function checkApproval(harness: Harness, approval: Approval, audited: readonly Item[]): readonly Violation[] {
  const { id, execution, ts, result, escalationSteps, history } = approval;
  const messages = harness.slack.messages();
  const posted = channel(harness).filter((message) => aboutApproval(message) === id);
  const replies = (pattern: RegExp) =>
    messages.filter((one) => one.threadTs === ts && pattern.test(one.text));
  const about = audited.filter((item) => item['approval'] === id);
  const entries = about.filter(({ name }) => /^-\d+$/.test(String(name).slice(id.length)));
  const events = about.filter(({ action }) => action === 'requested' || action === 'ended').length;
  return [
    ...when(!result && ts !== undefined, 'stuck', `${execution}: the approval has no result`),
    ...when(posted.length > 1, 'doubled', `${execution}: the request was posted ${posted.length} times`),
    ...when(
      posted.length === 0 && result?.outcome === 'done',
      'silent',
      `${execution}: the request was not posted`,
    ),
    ...posted.flatMap((message) => checkMessage(message, approval)),
    ...(ts ? announcedOnce(replies(COMPLETED), execution) : []),
    ...(['reminder', 'escalation'] as const).flatMap((step) => {
      const sent = replies(step === 'reminder' ? /^:bell:/ : /^:rotating_light:/).length;
      const recorded = escalationSteps[step] ? 1 : 0;
      return [
        ...when(sent > 1, 'doubled', `${execution}: the ${step} was posted ${sent} times`),
        ...when(
          sent < recorded && couldBePosted(approval, step),
          'lost',
          `${execution}: the ${step} was not posted`,
        ),
      ];
    }),
    ...checkDirectMessages(harness, approval),
    ...checkPolicy(approval),
    ...checkExpiry(approval),
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

/** An approved request must have enough votes, each person's vote must count once, and the requester must not vote. */
function checkPolicy({
  execution,
  decision,
  votes,
  policy,
  requesters,
  history,
}: Approval): readonly Violation[] {
  const approved = history.filter(({ action }) => action === 'approved');
  const counted = Object.keys(votes).length;
  const ended = history.filter(({ action }) => action === 'undid_approval' || action === 'approval_lapsed');
  const isCountedTwice = approved.length - ended.length > counted;
  return [
    ...when(
      decision?.outcome === 'approved' && counted < policy.approvals,
      'untrue',
      `${execution}: ${counted} of ${policy.approvals} approved`,
    ),
    ...when(
      requesters.some((id) => id in votes),
      'untrue',
      `${execution}: the requester approved`,
    ),
    ...when(isCountedTwice, 'doubled', `${execution}: an approval was counted twice`),
  ];
}

/** An injected fault delays an action by less than this. */
const MAX_FAULT_DELAY_MS = 5 * 60_000;

/** Shortly before its deadline, an expired approval must have a message and no decision. */
function checkExpiry(approval: Approval): readonly Violation[] {
  const { execution, result, ts, decision, cancellation, deadline } = approval;
  if (result?.outcome !== 'expired') return [];
  const latest = Date.parse(deadline) - MAX_FAULT_DELAY_MS;
  const { at, by } = decision ?? cancellation ?? {};
  return [
    ...when(
      Number(ts) * 1_000 > latest,
      'lost',
      `${execution}: it expired, and the request was posted too late`,
    ),
    ...when(
      at !== undefined && Date.parse(at) < latest,
      'lost',
      `${execution}: it expired, although ${by} had decided`,
    ),
  ];
}

/** Time within which the reconciler posts a reminder or escalation that was recorded but not posted. */
const MAX_RECOVERY_MS = 3 * 60_000;

function couldBePosted(
  { escalationSteps, decision, deadline }: Approval,
  step: 'reminder' | 'escalation',
): boolean {
  return (
    Date.parse(decision?.at ?? deadline) - Date.parse(escalationSteps[step]?.at ?? deadline) > MAX_RECOVERY_MS
  );
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

/** The requester gets one direct message about the result, unless they ended the request themselves. */
function checkDirectMessages({ slack }: Harness, approval: Approval): readonly Violation[] {
  const { requester, result, decision, cancellation, execution, ts } = approval;
  if (!requester || !result || !ts || requester === (cancellation ?? decision)?.by) return [];
  const link = `p${ts.replace('.', '')}`;
  const sent = slack.directMessages(requester).filter(
    ({ text }) =>
      text.includes(link) ||
      // Slack did not return a link.
      text === resultReply(result, approval) ||
      text.includes(`Execution \`${execution}\`.`),
  ).length;
  return [
    ...when(sent === 0, 'silent', `${execution}: the requester got no direct message`),
    ...when(sent > 1, 'doubled', `${execution}: the requester got ${sent} direct messages`),
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
  return (await scan(harness, 'LedgerTable')).flatMap((item) => Object.keys(item['fills']));
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
