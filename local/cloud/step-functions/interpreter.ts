// Runs executions: enters a state, runs it, leaves it for the next, retries, catches, ends. The API starts, resumes
// and stops executions with it; timers drive it.
import type { Clock } from '../../clock.ts';
import { bytes, parse, type Json } from '../json.ts';
import type { Log } from '../log.ts';
import { arn } from '../names.ts';
import type { CloudState, Execution, Timer } from '../state.ts';
import type { Timers } from '../timers.ts';
import type { StateMachine, TaskState } from './definition.ts';
import { createEnding, type Reason } from './ending.ts';
import { record } from './history.ts';
import { place } from './paths.ts';
import { matchesError, retryDelay } from './retry.ts';
import { StateFailure } from './state-failure.ts';
import { runningOf, type Running } from './running.ts';
import { step } from './step.ts';
import type { TaskStarter } from './tasks.ts';

/** Both limits: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
export const MAX_PAYLOAD_BYTES = 262_144;
const MAX_HISTORY_EVENTS = 25_000;

export interface Interpreter {
  start(machine: StateMachine, name: string, input: string): Execution;
  stop(execution: Execution, reason: Reason): void;
  /** The handlers of `state_due`, `state_timed_out` and `execution_timed_out`. */
  run(timer: Timer): void;
  timeOutState(timer: Timer): void;
  timeOutExecution(timer: Timer): void;
  /** How a task ends, by whoever was asked to do it. */
  succeed(running: Running<TaskState>, result: Json): void;
  fail(running: Running, failure: StateFailure): void;
}

interface InterpreterOptions {
  readonly machines: ReadonlyMap<string, StateMachine>;
  readonly state: CloudState;
  readonly startTask: TaskStarter;
  readonly announce: (execution: Execution) => void;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
}

export function createInterpreter(options: InterpreterOptions): Interpreter {
  const { machines, state, startTask, announce, clock, timers, log } = options;
  const end = createEnding({ announce, clock, timers, log });
  const interpreter: Interpreter = { start, stop, run, timeOutState, timeOutExecution, succeed, fail };
  return interpreter;

  function start(machine: StateMachine, name: string, input: string): Execution {
    const executionArn = arn('states', `execution:${machine.name}:${name}`);
    const startDate = clock.now();
    const execution: Execution = {
      arn: executionArn,
      name,
      stateMachineArn: machine.arn,
      input,
      startDate,
      status: 'RUNNING',
      attempts: 0,
      history: [],
    };
    state.executions[executionArn] = execution;
    record(execution, startDate, 'ExecutionStarted', { input, roleArn: machine.roleArn });
    report(execution, 'execution_started');
    announce(execution);
    const { TimeoutSeconds, StartAt } = machine.definition;
    if (TimeoutSeconds)
      timers.add({
        due: startDate + TimeoutSeconds * 1000,
        kind: 'execution_timed_out',
        subject: executionArn,
      });
    enter(execution, machine, StartAt, parse(input));
    return execution;
  }

  function enter(execution: Execution, machine: StateMachine, name: string, input: Json): void {
    const enteredAt = clock.now();
    const type = machine.definition.States[name]?.Type;
    const enteredEvent = record(execution, enteredAt, `${type}StateEntered`, {
      name,
      input: JSON.stringify(input),
    });
    execution.attempts += 1;
    const attempt = execution.attempts;
    execution.current = { name, input, enteredAt, enteredEvent, attempt, retries: [], retryCount: 0 };
    report(execution, 'state_entered', { state: name });
    timers.add({ due: enteredAt, kind: 'state_due', subject: execution.arn, attempt });
  }

  function run(timer: Timer): void {
    const running = found(timer);
    if (!running) return;
    const { execution, state: here } = running;
    if (execution.history.length >= MAX_HISTORY_EVENTS) {
      return end(
        execution,
        'FAILED',
        new StateFailure('States.Runtime', `The execution reached ${MAX_HISTORY_EVENTS} events`),
      );
    }
    trying(running, () => {
      if (here.Type === 'Task') return runTask({ ...running, state: here });
      const taken = step({ ...running, state: here });
      if ('failed' in taken) return end(execution, 'FAILED', taken.failed);
      leave(running, taken.output, taken.next);
    });
  }

  function runTask(running: Running<TaskState>): void {
    const { execution, current, state: task } = running;
    if (task.TimeoutSeconds) {
      const due = clock.now() + task.TimeoutSeconds * 1000;
      timers.add({ due, kind: 'state_timed_out', subject: execution.arn, attempt: current.attempt });
    }
    startTask(running, interpreter);
  }

  function succeed(running: Running<TaskState>, result: Json): void {
    const { current, state: task } = running;
    trying(running, () => leave(running, place(result, current.input, task.ResultPath), task.Next));
  }

  function trying(running: Running, work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof StateFailure)) throw error;
      fail(running, error);
    }
  }

  function leave(running: Running, output: Json, next?: string): void {
    const { execution, machine, current, state: here } = running;
    const text = JSON.stringify(output);
    if (bytes(text) > MAX_PAYLOAD_BYTES) {
      const cause = `The output of state ${current.name} is larger than ${MAX_PAYLOAD_BYTES} bytes`;
      return end(execution, 'FAILED', new StateFailure('States.DataLimitExceeded', cause));
    }
    record(execution, clock.now(), `${here.Type}StateExited`, { name: current.name, output: text });
    dropTimers(execution, current.attempt);
    if (next !== undefined) return enter(execution, machine, next, output);
    execution.output = text;
    end(execution, 'SUCCEEDED', {});
  }

  function fail(running: Running, failure: StateFailure): void {
    const { execution, current, state: here } = running;
    dropTimers(execution, current.attempt);
    if (here.Type !== 'Task') return end(execution, 'FAILED', failure);
    if (retry(running, here, failure)) return;
    const catcher = here.Catch?.find(({ ErrorEquals }) => matchesError(ErrorEquals, failure.error));
    if (!catcher) return end(execution, 'FAILED', failure);
    const output = { Error: failure.error, Cause: failure.cause };
    report(execution, 'error_caught', { state: current.name, error: failure.error });
    leave(running, place(output, current.input, catcher.ResultPath), catcher.Next);
  }

  function retry(
    { execution, current }: Running,
    { Retry = [] }: TaskState,
    { error }: StateFailure,
  ): boolean {
    const position = Retry.findIndex(({ ErrorEquals }) => matchesError(ErrorEquals, error));
    const retrier = Retry[position];
    const retries = current.retries[position] ?? 0;
    const delay = retrier && retryDelay(retrier, retries);
    if (delay === undefined) return false;
    current.retries[position] = retries + 1;
    current.retryCount += 1;
    execution.attempts += 1;
    current.attempt = execution.attempts;
    report(execution, 'state_retried', { state: current.name, error, delay });
    timers.add({
      due: clock.now() + delay,
      kind: 'state_due',
      subject: execution.arn,
      attempt: current.attempt,
    });
    return true;
  }

  function timeOutState(timer: Timer): void {
    const running = found(timer);
    if (!running || running.state.Type !== 'Task') return;
    const isService = running.state.Resource.startsWith('arn:aws:states:');
    const [resourceType, resource] = running.state.Resource.split(':').slice(-2);
    const type = isService ? 'TaskTimedOut' : 'LambdaFunctionTimedOut';
    record(running.execution, clock.now(), type, {
      ...(isService && { resourceType, resource }),
      error: 'States.Timeout',
    });
    fail(running, new StateFailure('States.Timeout', ''));
  }

  function timeOutExecution({ subject }: Timer): void {
    const execution = state.executions[subject];
    if (execution?.status === 'RUNNING') end(execution, 'TIMED_OUT', { error: 'States.Timeout' });
  }

  function stop(execution: Execution, reason: Reason): void {
    if (execution.status === 'RUNNING') end(execution, 'ABORTED', reason);
  }

  /** A timer of an earlier attempt never fires: it was dropped when that attempt ended. */
  function found({ subject }: Timer): Running | undefined {
    return runningOf(state.executions[subject], machines);
  }

  function dropTimers(execution: Execution, attempt: number): void {
    timers.drop((timer) => timer.subject === execution.arn && timer.attempt === attempt);
  }

  function report(execution: Execution, event: string, more: Readonly<Record<string, unknown>> = {}): void {
    log({ source: 'states', event, execution: execution.name, ...more });
  }
}
