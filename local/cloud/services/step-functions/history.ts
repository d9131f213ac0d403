// The history of an execution, in the format of the API. The interpreter and the tasks write it; GetExecutionHistory
// returns it.
import type { Json } from '../../core/json.ts';
import type { Execution } from '../../core/state.ts';
import type { TaskState } from './definition.ts';
import { RuntimeFailure } from './failure.ts';
import type { Running } from './running.ts';

/** https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
const MAX_EVENTS = 25_000;

/** Error and cause as recorded at AWS: https://github.com/floci-io/floci/issues/2734 */
const LIMIT_REACHED = new RuntimeFailure(
  `The execution reached the maximum number of history events (${MAX_EVENTS}).`,
);

type Details = Readonly<Record<string, Json | undefined>>;

/**
 * Why an execution that has one event left fails, unless this event is ExecutionSucceeded:
 * https://docs.aws.amazon.com/step-functions/latest/dg/bp-history-limit.html
 */
export function historyLimit({ history }: Execution): RuntimeFailure | undefined {
  return history.length < MAX_EVENTS - 1 ? undefined : LIMIT_REACHED;
}

/** Throws the failure of the limit if the last event of the history would not end the execution. */
export function record(execution: Execution, now: number, type: string, details: Details): void {
  const limit = historyLimit(execution);
  if (limit && type !== 'ExecutionSucceeded' && type !== 'ExecutionFailed') throw limit;
  const id = execution.history.length + 1;
  // As in Step Functions, the first two events (execution started, first state entered) and the end of a stopped
  // execution have no previous event, and the start of a function has no details.
  const previousEventId = id <= 2 || type === 'ExecutionAborted' ? 0 : id - 1;
  const given = Object.entries(details).filter((entry): entry is [string, Json] => entry[1] !== undefined);
  const payloads = given.filter(([name]) => name === 'input' || name === 'output');
  const whole = payloads.map(([name]): [string, Json] => [`${name}Details`, { truncated: false }]);
  const member = type !== 'LambdaFunctionStarted' && {
    [detailsMember(type)]: Object.fromEntries([...given, ...whole]),
  };
  execution.history.push({ id, previousEventId, timestamp: now / 1000, type, ...member });
}

/** Records an event of a task: `what` is Scheduled, Started, Succeeded … */
export function recordTask(
  running: Running<TaskState>,
  now: number,
  what: string,
  details: Details = {},
): void {
  const [resourceType = '', resource = ''] = running.state.Resource.split(':').slice(-2);
  const isService = running.state.Resource.startsWith('arn:aws:states:');
  const type = `${isService ? 'Task' : 'LambdaFunction'}${what}`;
  record(running.execution, now, type, { ...(isService && { resourceType, resource }), ...details });
}

function detailsMember(type: string): string {
  if (type.endsWith('StateEntered')) return 'stateEnteredEventDetails';
  if (type.endsWith('StateExited')) return 'stateExitedEventDetails';
  return `${type.charAt(0).toLowerCase()}${type.slice(1)}EventDetails`;
}
