// Starts, ends and redrives an execution: changes its status and time limit, and reports the change to the history, the
// log and EventBridge. The interpreter calls it, and runs the states.
import type { Announce } from '../eventbridge/event-rules.ts';
import type { CloudContext } from '../../core/context.ts';
import type { Json } from '../../core/json.ts';
import type { StateMachineModel } from '../../template/resource-readers.ts';
import type { Execution, Redrive } from '../../core/state.ts';
import { historyLimit, record } from './history.ts';

export interface Reason {
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
}

const endings = {
  SUCCEEDED: 'Succeeded',
  FAILED: 'Failed',
  TIMED_OUT: 'TimedOut',
  ABORTED: 'Aborted',
} as const;

export function createLifecycle({ state, clock, timers, log }: CloudContext, announce: Announce) {
  return { begin, end, resume };

  function begin(machine: StateMachineModel, name: string, input: string): Execution {
    const arn = `${machine.arn.replace(':stateMachine:', ':execution:')}:${name}`;
    const begun = { arn, name, machine, input, startDate: clock.now() };
    const execution: Execution = { ...begun, status: 'RUNNING', attempts: 0, redrives: [], history: [] };
    state.executions[arn] = execution;
    tell(execution, 'Started', { input, roleArn: machine.roleArn });
    limitTime(execution);
    return execution;
  }

  /** Ends the execution. At the limit of its history the status is FAILED, unless `wanted` is SUCCEEDED. */
  function end(execution: Execution, wanted: keyof typeof endings, reason: Reason): void {
    const limit = wanted === 'SUCCEEDED' ? undefined : historyLimit(execution);
    const status = limit ? 'FAILED' : wanted;
    const { error, cause } = limit ?? reason;
    execution.status = status;
    execution.stopDate = clock.now();
    if (error) execution.error = error;
    if (cause) execution.cause = cause;
    timers.drop(({ subject }) => subject === execution.arn);
    tell(execution, endings[status], { output: execution.output, error, cause });
  }

  /** Redrives the execution. Keeps the state's entry time, but resets its retries and the execution's time limit. */
  function resume(execution: Execution, clientToken: string): Redrive {
    const { current, redrives } = execution;
    const redrive = { date: clock.now(), clientToken };
    redrives.push(redrive);
    execution.status = 'RUNNING';
    execution.attempts += 1;
    delete execution.stopDate;
    delete execution.error;
    delete execution.cause;
    if (current) {
      const { name, input, enteredAt } = current;
      execution.current = { name, input, enteredAt, attempt: execution.attempts, retries: [] };
    }
    tell(execution, 'Redriven', { redriveCount: redrives.length });
    limitTime(execution);
    return redrive;
  }

  function limitTime({ arn, machine }: Execution): void {
    const { TimeoutSeconds } = machine.definition;
    if (!TimeoutSeconds) return;
    timers.add({ due: clock.now() + TimeoutSeconds * 1000, kind: 'execution_timed_out', subject: arn });
  }

  function tell(
    execution: Execution,
    what: string,
    details: Readonly<Record<string, Json | undefined>>,
  ): void {
    record(execution, clock.now(), `Execution${what}`, details);
    const event = `execution_${what === 'TimedOut' ? 'timed_out' : what.toLowerCase()}`;
    const { error } = execution;
    log({ source: 'states', event, execution: execution.name, ...(error && { error }) });
    announce(execution);
  }
}
