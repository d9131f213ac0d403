// Reads the data of the workflow panel on the local Slack's page, only through the Step Functions API.
// Created by `world.ts`, which also calls `changed` after each event of Step Functions.
import {
  DescribeStateMachineCommand,
  ListExecutionsCommand,
  paginateGetExecutionHistory,
  SFNClient,
} from '@aws-sdk/client-sfn';
import type { HistoryEvent } from '@aws-sdk/client-sfn';
import type { Progress, Workflow, WorkflowEvent, WorkflowSource } from './slack/store/workflow.ts';
import { statesInOrder } from './workflow-states.ts';

export interface WorkflowPanel extends WorkflowSource {
  /** Call it when the panel has something new to show. */
  changed(): void;
  close(): void;
}

export interface WorkflowPanelOptions {
  /** The endpoint and the ARN; undefined until the local cloud has started. */
  readonly stateMachine: () => { readonly endpoint: string; readonly arn: string } | undefined;
}

export function workflowPanel({ stateMachine }: WorkflowPanelOptions): WorkflowPanel {
  const listeners = new Set<() => void>();
  let client: SFNClient | undefined;
  const connect = (endpoint: string): SFNClient => {
    const credentials = { accessKeyId: 'operator', secretAccessKey: 'any' };
    return (client ??= new SFNClient({ endpoint, region: 'us-east-1', credentials }));
  };
  return {
    look: async (execution) => {
      const machine = stateMachine();
      if (!machine) return { name: '', states: [], executions: [] };
      return look(connect(machine.endpoint), machine.arn, execution);
    },
    watch: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    changed: () => {
      for (const listener of listeners) listener();
    },
    close: () => client?.destroy(),
  };
}

async function look(
  client: SFNClient,
  stateMachineArn: string,
  asked: string | undefined,
): Promise<Workflow> {
  const [{ name = '', definition = '' }, { executions = [] }] = await Promise.all([
    client.send(new DescribeStateMachineCommand({ stateMachineArn })),
    client.send(new ListExecutionsCommand({ stateMachineArn })),
  ]);
  const all = executions.map(({ executionArn, name: called = '', status = 'RUNNING', startDate }) => ({
    executionArn,
    summary: { name: called, status, startedAt: Number(startDate) },
  }));
  const shown = all.find(({ summary }) => summary.name === asked) ?? all[0];
  const workflow = { name, states: statesInOrder(definition), executions: all.map(({ summary }) => summary) };
  if (!shown) return workflow;
  const { executionArn } = shown;
  const events: HistoryEvent[] = [];
  for await (const page of paginateGetExecutionHistory({ client }, { executionArn, maxResults: 1_000 }))
    events.push(...(page.events ?? []));
  const isOver = shown.summary.status !== 'RUNNING';
  return { ...workflow, shown: { ...shown.summary, ...read(events, isOver) } };
}

function read(events: readonly HistoryEvent[], isOver: boolean) {
  const progress: { [state: string]: Progress } = {};
  const history: WorkflowEvent[] = [];
  let state: string | undefined;
  for (const event of events) {
    const { id = 0, timestamp, type = '' } = event;
    state = event.stateEnteredEventDetails?.name ?? state;
    if (state !== undefined) progress[state] = progressAfter(type, progress[state]);
    const where = type.startsWith('Execution') ? undefined : state;
    history.push({
      id,
      at: Number(timestamp),
      ...(where && { state: where }),
      what: wordsOf(type),
      ...failureIn(event),
    });
    if (type.endsWith('StateExited')) state = undefined;
  }
  // If the execution ended in a state, it failed in that state.
  if (isOver && state !== undefined) progress[state] = 'failed';
  return { progress, history };
}

function progressAfter(type: string, before: Progress | undefined): Progress {
  if (/(?:Failed|TimedOut)$/.test(type)) return 'failed';
  if (type.endsWith('StateExited')) return before === 'failed' ? 'failed' : 'passed';
  if (/(?:StateEntered|Scheduled|Succeeded)$/.test(type)) return 'current';
  return before ?? 'current';
}

/** `TaskStateEntered` becomes `Entered`, and `LambdaFunctionTimedOut` becomes `Lambda function timed out`. */
function wordsOf(type: string): string {
  const [, moved] = /State(Entered|Exited)$/.exec(type) ?? [];
  if (moved) return moved;
  const words = type.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Returns only the error and the cause of an event, because its input or parameters may contain a task token. */
function failureIn(event: HistoryEvent): Pick<WorkflowEvent, 'error' | 'cause'> {
  const { error, cause } =
    event.taskFailedEventDetails ??
    event.taskTimedOutEventDetails ??
    event.lambdaFunctionFailedEventDetails ??
    event.lambdaFunctionTimedOutEventDetails ??
    event.executionFailedEventDetails ??
    event.executionTimedOutEventDetails ??
    event.executionAbortedEventDetails ??
    {};
  return { ...(error && { error }), ...(cause && { cause: sentenceOf(cause) }) };
}

/** A function's failure has a cause in JSON, of which only the message is returned. Other causes stay unchanged. */
function sentenceOf(cause: string): string {
  try {
    const { errorMessage }: { errorMessage?: unknown } = JSON.parse(cause);
    return typeof errorMessage === 'string' ? errorMessage : cause;
  } catch {
    return cause;
  }
}
