// Restarts the work that was running when the process that saved this state ended. `startCloud` calls it. An interrupted
// function runs again, as it may at AWS.
import type { CloudContext } from './context.ts';
import { sendAndWait } from '../services/step-functions/definition.ts';
import { runningOf } from '../services/step-functions/running.ts';
import type { CloudState, Execution } from './state.ts';

export function resume(context: CloudContext): void {
  // Runs first, because the other functions change the timers that it reads.
  extendTimeLimits(context);
  dropObsoleteTimers(context);
  rerunStates(context);
  showReceivedMessages(context);
  pollQueues(context);
}

/** Extends each execution's time limit by the time during which no process ran: since the first missed timer. */
function extendTimeLimits({ state, clock, timers }: CloudContext): void {
  const now = clock.now();
  const stopped = Math.max(0, now - (state.timers[0]?.due ?? now));
  const limits = state.timers.filter(({ kind }) => kind === 'execution_timed_out');
  timers.drop((timer) => limits.includes(timer));
  for (const limit of limits) timers.add({ ...limit, due: limit.due + stopped });
}

/** Drops the timers of invocations, which ended with the process, and of queues that are no longer in the template. */
function dropObsoleteTimers({ model, timers }: CloudContext): void {
  timers.drop(({ kind, subject }) => {
    const isPoll = kind === 'queue_polled';
    return kind === 'invocation_timed_out' || (isPoll && !model.queues.some(({ arn }) => arn === subject));
  });
}

/** Runs each interrupted state again, with its full timeout. */
function rerunStates({ state, clock, timers }: CloudContext): void {
  const interrupted = Object.values(state.executions).filter((execution) => isInterrupted(execution, state));
  for (const { arn } of interrupted) {
    timers.drop(({ kind, subject }) => kind === 'state_timed_out' && subject === arn);
    timers.add({ due: clock.now(), kind: 'state_due', subject: arn });
  }
}

/** True if neither a task token nor a `state_due` timer will continue the running execution. */
function isInterrupted(execution: Execution, { timers }: CloudState): boolean {
  const running = runningOf(execution);
  if (!running) return false;
  const { state, current } = running;
  const waitsForToken =
    state.Type === 'Task' && state.Resource === sendAndWait && current.token !== undefined;
  const isDue = timers.some(({ kind, subject }) => kind === 'state_due' && subject === execution.arn);
  return !waitsForToken && !isDue;
}

/** Makes received messages visible, because no function is working on them now. */
function showReceivedMessages({ state, clock }: CloudContext): void {
  const now = clock.now();
  for (const { messages } of Object.values(state.queues))
    for (const message of messages)
      if (message.receiveCount > 0) message.visibleAt = Math.min(message.visibleAt, now);
}

function pollQueues({ model, clock, timers }: CloudContext): void {
  for (const { queueArn } of model.eventSources)
    timers.add({ due: clock.now(), kind: 'queue_polled', subject: queueArn });
}
