// Runs executions: enters and runs each state, retries it, and catches errors. The API starts, resumes, stops and
// redrives executions with it; timers drive it.
import type { Announce } from '../eventbridge/event-rules.ts';
import type { CloudContext } from '../../core/context.ts';
import { parse, type Json } from '../../core/json.ts';
import type { StateMachineModel } from '../../template/resource-readers.ts';
import type { Execution, Redrive, TimerKind } from '../../core/state.ts';
import type { TimerHandlers } from '../../core/timers.ts';
import { outputOf, passOn } from './data-flow.ts';
import type { Retrier, TaskState } from './definition.ts';
import { limited, RuntimeFailure, StateFailure, tooLargeResultOf } from './failure.ts';
import { record, recordTask } from './history.ts';
import { createLifecycle, type Reason } from './lifecycle.ts';
import { place } from './paths.ts';
import { matchesError, nextRetry } from './retry.ts';
import { contextOf, runningOf, type Running } from './running.ts';
import { timeoutOf, waitOf } from './seconds.ts';
import { step } from './step.ts';
import type { StartTask } from './tasks.ts';

export interface Interpreter {
  start(machine: StateMachineModel, name: string, input: string): Execution;
  stop(execution: Execution, reason: Reason): void;
  /** Continues from the state in which the execution ended. */
  redrive(execution: Execution, clientToken: string): Redrive;
  /** Ends a task with its output. Called when the task's work is done, or by the API with the task's token. */
  succeed(running: Running<TaskState>, output: string): void;
  fail(running: Running<TaskState>, failure: StateFailure): void;
  readonly handlers: Pick<
    TimerHandlers,
    'state_due' | 'wait_over' | 'state_timed_out' | 'execution_timed_out'
  >;
}

export function createInterpreter(
  context: CloudContext,
  startTask: StartTask,
  announce: Announce,
): Interpreter {
  const { state, clock, timers, log } = context;
  const { begin, resume, end } = createLifecycle(context, announce);
  const handlers = {
    state_due: run,
    wait_over: endWait,
    state_timed_out: timeOutState,
    execution_timed_out: timeOutExecution,
  };
  return { start, stop, redrive, succeed, fail, handlers };

  function start(machine: StateMachineModel, name: string, input: string): Execution {
    const execution = begin(machine, name, input);
    enter(execution, machine.definition.StartAt, parse(input));
    return execution;
  }

  function redrive(execution: Execution, clientToken: string): Redrive {
    const redriven = resume(execution, clientToken);
    schedule(execution, 'state_due', 0);
    return redriven;
  }

  function enter(execution: Execution, name: string, input: Json): void {
    const enteredAt = clock.now();
    const { Type } = execution.machine.definition.States[name] ?? {};
    record(execution, enteredAt, `${Type}StateEntered`, { name, input: JSON.stringify(input) });
    execution.attempts += 1;
    execution.current = { name, input, enteredAt, attempt: execution.attempts, retries: [] };
    report(execution, 'state_entered', { state: name });
    schedule(execution, 'state_due', 0);
  }

  function run(executionArn: string): void {
    const running = runningOf(state.executions[executionArn]);
    if (!running) return;
    const { state: here } = running;
    trying(running, () => {
      if (here.Type === 'Task') return runTask({ ...running, state: here });
      if (here.Type === 'Wait') {
        const seconds = waitOf(here, running.current.input, contextOf(running));
        return schedule(running.execution, 'wait_over', seconds * 1000);
      }
      const { output, next } = step({ ...running, state: here });
      leave(running, output, next);
    });
  }

  function endWait(executionArn: string): void {
    const running = runningOf(state.executions[executionArn]);
    if (running?.state.Type !== 'Wait') return;
    const { state: here, current } = running;
    trying(running, () => leave(running, passOn(here, current.input, contextOf(running)), here.Next));
  }

  function runTask(running: Running<TaskState>): void {
    const { execution, current, state: task } = running;
    const { attempt } = current;
    const timeout = timeoutOf(task, current.input, contextOf(running));
    if (timeout) schedule(execution, 'state_timed_out', timeout * 1000);
    // When the task ends, its state may have timed out already, or the execution may have been stopped.
    const isOver = () => runningOf(execution)?.current.attempt !== attempt;
    const ended = startTask(running, timeout).then(
      (output) => {
        if (output !== undefined && !isOver()) succeed(running, output);
      },
      (failure: unknown) => {
        if (!(failure instanceof StateFailure)) throw failure;
        if (!isOver()) fail(running, failure);
      },
    );
    timers.follow(ended);
  }

  function succeed(running: Running<TaskState>, output: string): void {
    const { current, state: task } = running;
    trying(running, () => {
      recordTask(running, clock.now(), 'Succeeded', { output });
      leave(running, outputOf(task, parse(output), current.input, contextOf(running)), task.Next);
    });
  }

  function fail(running: Running<TaskState>, failure: StateFailure, what = 'Failed'): void {
    trying(running, () => {
      recordTask(running, clock.now(), what, { ...reasonOf(failure) });
      recover(running, failure);
    });
  }

  /** Runs the work, and passes a StateFailure to `otherwise`. */
  function trying(running: Running, work: () => void, otherwise = recover): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof StateFailure)) throw error;
      otherwise(running, error);
    }
  }

  function leave(running: Running, result: Json, next?: string): void {
    const { execution, current, state: here } = running;
    const output = limited(JSON.stringify(result), tooLargeResultOf(current.name));
    record(execution, clock.now(), `${here.Type}StateExited`, { name: current.name, output });
    dropStateTimers(execution);
    if (next !== undefined) return enter(execution, next, result);
    execution.output = output;
    end(execution, 'SUCCEEDED', {});
  }

  /** After a failure: retries the state, continues at the `Next` of a catcher, or ends the execution. */
  function recover(running: Running, failure: StateFailure): void {
    const { execution, current, state: here } = running;
    dropStateTimers(execution);
    if (failure instanceof RuntimeFailure)
      return end(execution, 'FAILED', {
        error: failure.error,
        cause: `${whereIn(running)} ${failure.cause}`,
      });
    if (here.Type !== 'Task') return end(execution, 'FAILED', reasonOf(failure));
    if (retry(running, here.Retry ?? [], failure.error)) return;
    const catcher = here.Catch?.find(({ ErrorEquals }) => matchesError(ErrorEquals, failure.error));
    if (!catcher) return end(execution, 'FAILED', reasonOf(failure));
    const output = { Error: failure.error ?? null, Cause: failure.cause ?? null };
    report(execution, 'error_caught', { state: current.name, error: failure.error });
    const goOn = () => leave(running, place(output, current.input, catcher.ResultPath), catcher.Next);
    trying(running, goOn, (_running, uncaught) => end(execution, 'FAILED', reasonOf(uncaught)));
  }

  function retry(
    { execution, current }: Running,
    retriers: readonly Retrier[],
    error: string | undefined,
  ): boolean {
    const delay = nextRetry(retriers, current.retries, error);
    if (delay === undefined) return false;
    execution.attempts += 1;
    current.attempt = execution.attempts;
    report(execution, 'state_retried', { state: current.name, error, delay });
    schedule(execution, 'state_due', delay);
    return true;
  }

  function timeOutState(executionArn: string): void {
    const running = runningOf(state.executions[executionArn]);
    if (running?.state.Type !== 'Task') return;
    fail({ ...running, state: running.state }, new StateFailure('States.Timeout', ''), 'TimedOut');
  }

  function timeOutExecution(executionArn: string): void {
    const execution = state.executions[executionArn];
    if (execution) end(execution, 'TIMED_OUT', {});
  }

  function stop(execution: Execution, reason: Reason): void {
    if (execution.status === 'RUNNING') end(execution, 'ABORTED', reason);
  }

  function schedule({ arn }: Execution, kind: TimerKind, wait: number): void {
    timers.add({ due: clock.now() + wait, kind, subject: arn });
  }

  function dropStateTimers({ arn }: Execution): void {
    timers.drop(({ subject, kind }) => subject === arn && kind !== 'execution_timed_out');
  }

  function report(execution: Execution, event: string, more: Readonly<Record<string, unknown>> = {}): void {
    log({ source: 'states', event, execution: execution.name, ...more });
  }
}

/** The error and cause of a failure, without the empty cause that a timeout has for its catcher. */
function reasonOf({ error, cause }: StateFailure): Reason {
  return { error, cause: cause || undefined };
}

function whereIn({ execution, current }: Running): string {
  const entered = execution.history.findLast(({ type }) => type.endsWith('StateEntered'))?.id;
  return `An error occurred while executing the state '${current.name}' (entered at the event id #${entered}).`;
}
