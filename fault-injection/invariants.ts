// What must hold once a story has come to its end, whatever broke on the way: nothing lost, doubled, stuck or silent. A
// cell of the table asks it about the executions of its story.
import { isDeepStrictEqual } from 'node:util';
import { paginateScan } from '@aws-sdk/client-dynamodb';
import { DescribeExecutionCommand, GetExecutionHistoryCommand } from '@aws-sdk/client-sfn';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { approvalMessage } from '../slack/views/approval-message.ts';
import type { Approval } from '../domain/approval.ts';
import type { Message } from '../local/slack/slack.ts';
import { aboutApproval, type Harness } from './harness.ts';

export type Kind = 'lost' | 'doubled' | 'stuck' | 'silent' | 'untrue';

export interface Violation {
  readonly kind: Kind;
  readonly words: string;
}

/** What was there before the story began. */
export interface PreviousAnswer {
  readonly executions: ReadonlySet<string>;
  readonly fills: number;
}

type Item = ReturnType<typeof unmarshall>;

export async function before(harness: Harness): Promise<PreviousAnswer> {
  return { executions: new Set(await harness.executions()), fills: (await fills(harness)).length };
}

export async function violations(
  harness: Harness,
  { executions, fills: filled }: PreviousAnswer,
): Promise<readonly Violation[]> {
  const arns = (await harness.executions()).filter((arn) => !executions.has(arn));
  const items = await scan(harness, 'ApprovalsTable');
  const audited = await scan(harness, 'AuditTable');
  const all: Violation[] = [];
  let wanted = 0;
  for (const arn of arns) {
    const approvals = items
      .filter((item) => item['request'] && item['executionArn'] === arn)
      .map((item) => toApproval(item))
      .toSorted((one, other) => one.askedAt.localeCompare(other.askedAt));
    wanted += approvals.filter(({ result }) => result?.outcome === 'done').length;
    all.push(
      ...(await ofExecution(harness, arn, approvals)),
      ...approvals.flatMap((each) => ofApproval(harness, each, audited)),
    );
  }
  const now = (await fills(harness)).length - filled;
  return [
    ...all,
    ...when(now > wanted, 'doubled', `${now} orders were filled, ${wanted} executions say so`),
    ...when(now < wanted, 'lost', `${now} orders were filled, ${wanted} executions say so`),
  ];
}

async function ofExecution(
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
  // Stopped before anybody was asked.
  const stopped = events.filter(({ type }) => type === 'ExecutionAborted').length;
  const needless = error === 'AboveLimit' ? pauses : stopped;
  return [
    ...when(status === 'RUNNING', 'stuck', `${name} is running still`),
    ...when(
      approvals.length > pauses,
      'doubled',
      `${name} paused ${pauses} times, and has ${approvals.length} approvals`,
    ),
    ...when(
      approvals.length < pauses - needless,
      'lost',
      `${name} paused ${pauses} times, and has ${approvals.length} approvals`,
    ),
    ...when(
      outputs.length > decisions.length,
      'doubled',
      `${name} was resumed ${outputs.length} times by ${decisions.length} decisions`,
    ),
    ...outputs.flatMap((output) =>
      when(
        !decisions.some(
          ({ outcome, by, at }) => output.outcome === outcome && output.by === by && output.at === at,
        ),
        'untrue',
        `${name} was resumed by what nobody decided: ${JSON.stringify(output)}`,
      ),
    ),
    ...(approvals.some(({ ts }) => ts)
      ? []
      : toldOnce(
          channel(harness).filter(({ text }) => text.includes(`Execution ${name}.`)),
          name,
        )),
  ];
}

const ENDED = /\*(Filled|Declined|Expired|Failed|Unclear|Cancelled)/;

function ofApproval(harness: Harness, approval: Approval, audited: readonly Item[]): readonly Violation[] {
  const { id, execution, ts, result, escalationSteps, history } = approval;
  const messages = harness.slack.messages();
  const posted = channel(harness).filter((message) => aboutApproval(message) === id);
  const said = (shape: RegExp) => messages.filter((one) => one.threadTs === ts && shape.test(one.text));
  const entries = audited.filter((item) => item['approval'] === id && item['action'] !== 'was_refused');
  return [
    ...when(!result && ts !== undefined, 'stuck', `${execution}: the approval has no result`),
    ...when(posted.length > 1, 'doubled', `${execution}: it was asked ${posted.length} times`),
    ...when(posted.length === 0 && result?.outcome === 'done', 'silent', `${execution}: nobody was asked`),
    ...posted.flatMap((message) => whetherTrue(message, approval)),
    ...(ts ? toldOnce(said(ENDED), execution) : []),
    ...(['reminder', 'escalation'] as const).flatMap((step) => {
      const [told, climbed] = [
        said(step === 'reminder' ? /^:bell:/ : /^:rotating_light:/).length,
        escalationSteps[step] ? 1 : 0,
      ];
      return [
        ...when(told > 1, 'doubled', `${execution}: the ${step} was said ${told} times`),
        ...when(
          told < climbed && couldBeSaid(approval, step),
          'lost',
          `${execution}: the ${step} was not said`,
        ),
      ];
    }),
    ...directly(harness, approval),
    ...byThePolicy(approval),
    ...expiredForNothing(approval),
    ...when(
      entries.length < history.length,
      'lost',
      `${execution}: of ${history.length} steps the audit has ${entries.length}`,
    ),
    ...when(
      entries.length > history.length,
      'doubled',
      `${execution}: of ${history.length} steps the audit has ${entries.length}`,
    ),
  ];
}

/** Enough different people, none of them the requester, each counted once. */
function byThePolicy({
  execution,
  decision,
  votes,
  policy,
  request,
  history,
}: Approval): readonly Violation[] {
  const approved = history.filter(({ action }) => action === 'approved');
  const counted = Object.keys(votes).length;
  const twice =
    approved.length - history.filter(({ action }) => action === 'undid_approval').length > counted;
  return [
    ...when(
      decision?.outcome === 'approved' && counted < policy.approvals,
      'untrue',
      `${execution}: ${counted} of ${policy.approvals} approved`,
    ),
    ...when(
      request.requester !== undefined && request.requester in votes,
      'untrue',
      `${execution}: its requester approved`,
    ),
    ...when(twice, 'doubled', `${execution}: an approval was counted twice`),
  ];
}

/** So long before the deadline, in milliseconds, whatever one broken call has delayed has happened. */
const IN_TIME = 5 * 60_000;

/** It expires only where people were asked, and nobody decided. */
function expiredForNothing(approval: Approval): readonly Violation[] {
  const { execution, result, ts, decision, cancellation, deadline } = approval;
  if (result?.outcome !== 'expired') return [];
  const last = Date.parse(deadline) - IN_TIME;
  const { at, by } = decision ?? cancellation ?? {};
  return [
    ...when(Number(ts) * 1_000 > last, 'lost', `${execution}: it expired, and nobody was asked`),
    ...when(
      at !== undefined && Date.parse(at) < last,
      'lost',
      `${execution}: it expired, though ${by} had decided`,
    ),
  ];
}

/** Whoever dies while saying it is followed a minute later, unless it is decided by then. */
const FOLLOWED = 3 * 60_000;

function couldBeSaid(
  { escalationSteps, decision, deadline }: Approval,
  step: 'reminder' | 'escalation',
): boolean {
  return Date.parse(decision?.at ?? deadline) - Date.parse(escalationSteps[step]?.at ?? deadline) > FOLLOWED;
}

function whetherTrue({ text, blocks }: Message, approval: Approval): readonly Violation[] {
  const view = approvalMessage(approval);
  const buttons = (shown: unknown) => JSON.stringify(shown).match(/"action_id":"\w+"/g) ?? [];
  const same = text === view.text && isDeepStrictEqual(buttons(blocks), buttons(view.blocks));
  return when(
    !same,
    'untrue',
    `${approval.execution}: the message says “${text.slice(0, 60)}”, the record “${view.text.slice(0, 60)}”`,
  );
}

/** The requester is told directly, unless they ended it themselves: once for each of their executions. */
function directly(
  { slack }: Harness,
  { request, result, decision, cancellation, execution, ts }: Approval,
): readonly Violation[] {
  const { requester } = request;
  if (!requester || !result || !ts || requester === (cancellation ?? decision)?.by) return [];
  const link = `p${ts.replace('.', '')}`;
  const told = slack
    .directMessages(requester)
    .filter(({ text }) => text.includes(link) || text.includes(`Execution ${execution}.`)).length;
  return [
    ...when(told === 0, 'silent', `${execution}: its requester was not told`),
    ...when(told > 1, 'doubled', `${execution}: its requester was told ${told} times`),
  ];
}

function toldOnce(told: readonly Message[], name: string): readonly Violation[] {
  return [
    ...when(told.length === 0, 'silent', `${name}: nobody was told how it ended`),
    ...when(told.length > 1, 'doubled', `${name}: its end was told ${told.length} times`),
  ];
}

function channel({ slack }: Harness): readonly Message[] {
  return slack.messages().filter(({ threadTs }) => !threadTs);
}

function when(broken: boolean, kind: Kind, words: string): readonly Violation[] {
  return broken ? [{ kind, words }] : [];
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

/** Only the project writes the items, so they are what it wrote; what is left out here no message shows. */
function toApproval(item: Item): Approval {
  const { taskToken: _token, ...approval } = item;
  return approval as Approval;
}
