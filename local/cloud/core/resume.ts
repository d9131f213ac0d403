// What was running when the cloud that kept this state ended, however it ended, runs again: a function may run twice, as
// it may at AWS. `startCloud` calls it before time runs; with nothing kept it finds nothing.
import type { CloudContext } from './context.ts';
import { sendAndWait } from '../services/step-functions/definition.ts';
import { runningOf } from '../services/step-functions/running.ts';
import type { Execution } from './state.ts';

export function resume({ model, state, clock, timers }: CloudContext): void {
  const now = clock.now();
  // All that was due before it ended has been done: what is due first tells when that was, to the watch's minute.
  const away = Math.max(0, now - (state.timers[0]?.due ?? now));
  // Who was invoked is no more, and a queue may have gone from the stack.
  timers.drop(({ kind, subject }) => {
    const isPoll = kind === 'queue_polled';
    return kind === 'invocation_timed_out' || (isPoll && !model.queues.some(({ arn }) => arn === subject));
  });
  for (const { arn } of Object.values(state.executions).filter(isCutOff)) {
    // The state runs anew, with all of its time.
    timers.drop(({ kind, subject }) => kind === 'state_timed_out' && subject === arn);
    timers.add({ due: now, kind: 'state_due', subject: arn });
  }
  // People's time runs on, and what expired is told; an execution has the time that it had left to tell it.
  const limits = state.timers.filter(({ kind }) => kind === 'execution_timed_out');
  timers.drop((timer) => limits.includes(timer));
  for (const limit of limits) timers.add({ ...limit, due: limit.due + away });
  // Nobody is at work on what was handed out: it need not stay hidden.
  for (const { messages } of Object.values(state.queues))
    for (const message of messages)
      if (message.receiveCount > 0) message.visibleAt = Math.min(message.visibleAt, now);
  for (const { queueArn } of model.eventSources)
    timers.add({ due: now, kind: 'queue_polled', subject: queueArn });

  /** It waits for a function that has gone: neither for its time nor for whoever has its task token. */
  function isCutOff(execution: Execution): boolean {
    const running = runningOf(execution);
    if (!running) return false;
    const { state: here, current } = running;
    const isAsked = here.Type === 'Task' && here.Resource === sendAndWait && current.token !== undefined;
    const isDue = state.timers.some(({ kind, subject }) => kind === 'state_due' && subject === execution.arn);
    return !isAsked && !isDue;
  }
}
