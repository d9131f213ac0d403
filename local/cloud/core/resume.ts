// Restarts the work that was running when the process that saved this state ended: a function may run twice, as at AWS.
// `startCloud` calls it before time runs; without saved state it does nothing.
import type { CloudContext } from './context.ts';
import { sendAndWait } from '../services/step-functions/definition.ts';
import { runningOf } from '../services/step-functions/running.ts';
import type { Execution } from './state.ts';

export function resume({ model, state, clock, timers }: CloudContext): void {
  const now = clock.now();
  // Estimates how long no process ran. The end of the last process is not saved, so this counts from the first timer
  // that nobody served. The reconciler has a timer every minute, so the estimate is at most a minute too short.
  const away = Math.max(0, now - (state.timers[0]?.due ?? now));
  // Drop timers whose subject is gone: invocations ended with the process, and the template may no longer define a
  // queue.
  timers.drop(({ kind, subject }) => {
    const isPoll = kind === 'queue_polled';
    return kind === 'invocation_timed_out' || (isPoll && !model.queues.some(({ arn }) => arn === subject));
  });
  for (const { arn } of Object.values(state.executions).filter(isCutOff)) {
    // The state runs again, with its full timeout.
    timers.drop(({ kind, subject }) => kind === 'state_timed_out' && subject === arn);
    timers.add({ due: now, kind: 'state_due', subject: arn });
  }
  // Extend the time limit of each execution by `away`. Deadlines of approvals stay as they are, so an approval may have
  // expired meanwhile. Its execution then still has time to publish the result `expired`.
  const limits = state.timers.filter(({ kind }) => kind === 'execution_timed_out');
  timers.drop((timer) => limits.includes(timer));
  for (const limit of limits) timers.add({ ...limit, due: limit.due + away });
  // No function is working on received messages: make them visible.
  for (const { messages } of Object.values(state.queues))
    for (const message of messages)
      if (message.receiveCount > 0) message.visibleAt = Math.min(message.visibleAt, now);
  for (const { queueArn } of model.eventSources)
    timers.add({ due: now, kind: 'queue_polled', subject: queueArn });

  /** True if the state was being worked on: it waits for no task token, and no `state_due` timer will run it. */
  function isCutOff(execution: Execution): boolean {
    const running = runningOf(execution);
    if (!running) return false;
    const { state: here, current } = running;
    const isAsked = here.Type === 'Task' && here.Resource === sendAndWait && current.token !== undefined;
    const isDue = state.timers.some(({ kind, subject }) => kind === 'state_due' && subject === execution.arn);
    return !isAsked && !isDue;
  }
}
