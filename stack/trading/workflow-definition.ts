// The definition of the trading workflow: `workflow.asl.json` with its timeouts. `TradingWorkflow` creates the state machine
// with it. The timeouts are set in code, because a `${…}` placeholder in place of a JSON number would be invalid JSON.
import { readFileSync } from 'node:fs';

/** The longest time between two looks at an order, in seconds: `LONGEST_WAIT` of `domain/trading/order-work.ts`. */
const LAST_WAIT_SECONDS = 60;

interface Retrier {
  readonly MaxAttempts: number;
  readonly IntervalSeconds?: number;
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
}

interface State {
  readonly Type: string;
  readonly TimeoutSeconds?: number;
  readonly Retry?: readonly Retrier[];
}

/** Each of these is entered at most once, apart from Check Order, whose rounds end with the working time. */
const ONE_WAY = [
  'Check Stock Price',
  'Generate Buy/Sell recommendation',
  'Pre-Trade Check',
  'Request Human Approval',
  'Buy Stock',
  'Check Order',
  'Cancel Order',
  'Report Result',
];

/** @param workSeconds how long an order may work at the broker */
export function workflowDefinition(approvalTimeoutSeconds: number, workSeconds: number): string {
  const file = new URL('workflow.asl.json', import.meta.url);
  const workflow = JSON.parse(readFileSync(file, 'utf8'));
  const states = workflow.States;
  const waiting = states['Request Human Approval'];
  waiting.TimeoutSeconds = approvalTimeoutSeconds;
  // The deadline that people see. The context object does not have the timeout of the state.
  waiting.Parameters.MessageBody.TimeoutSeconds = approvalTimeoutSeconds;
  for (const name of ['Pre-Trade Check', 'Buy Stock', 'Sell Stock', 'Check Order', 'Cancel Order'])
    states[name].Parameters.WorkSeconds = workSeconds;
  // The last round begins at the end of the working time.
  workflow.TimeoutSeconds =
    ONE_WAY.reduce((sum, name) => sum + longestSeconds(states[name]), 0) + workSeconds + LAST_WAIT_SECONDS;
  return JSON.stringify(workflow, null, 2);
}

/** How long a task takes if each attempt runs into its timeout, in seconds. */
function longestSeconds({ TimeoutSeconds = 0, Retry = [] }: State): number {
  return Retry.reduce((sum, retrier) => sum + retrySeconds(retrier, TimeoutSeconds), TimeoutSeconds);
}

function retrySeconds(
  { MaxAttempts, IntervalSeconds = 1, BackoffRate = 2, MaxDelaySeconds = Number.POSITIVE_INFINITY }: Retrier,
  timeoutSeconds: number,
): number {
  let seconds = 0;
  for (let attempt = 0; attempt < MaxAttempts; attempt++)
    seconds += Math.min(IntervalSeconds * BackoffRate ** attempt, MaxDelaySeconds) + timeoutSeconds;
  return seconds;
}
