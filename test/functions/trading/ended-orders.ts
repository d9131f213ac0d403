// End Orders for an execution that ended while its order was somewhere between the approval and its end. The tests of the ends
// of executions call it.
import type { Described } from '../../../aws/executions.ts';
import { endOrders, type EndOrdersDependencies } from '../../../functions/trading/end-orders.ts';
import type { StateInput, TestBroker } from './approved-trade.ts';
import type { Crash } from './crashes.ts';

export const CAUSE = 'Ben stopped it';

/** @param saysWhen whether the event has the time of the end */
export function stoppedExecution(broker: TestBroker, { ExecutionId }: StateInput, saysWhen = true) {
  const stopDate = broker.clock.now.getTime();
  const endedAt = new Date(stopDate).toISOString();
  const described: Described = { status: 'ABORTED', input: {}, endedAt, cause: CAUSE };
  const logged: object[] = [];

  function end(
    differences: Partial<Described> = {},
    crash?: Crash,
    replaced: Partial<EndOrdersDependencies> = {},
  ) {
    const { dependencies, approvals, guard, hasCrashed } = broker.worker(crash);
    const handle = endOrders({
      ...dependencies,
      approvals,
      describe: () => guard(async () => ({ ...described, ...differences })),
      log: (event, fields) => void logged.push({ event, ...fields }),
      ...replaced,
    });
    const detail = { executionArn: ExecutionId, status: described.status, ...(saysWhen && { stopDate }) };
    return { handled: handle({ detail }), hasCrashed };
  }
  return {
    logged,
    end,
    /** Handles the event. */
    stop: (differences?: Partial<Described>, replaced?: Partial<EndOrdersDependencies>) =>
      end(differences, undefined, replaced).handled,
    /** What was published since the progress of the order. */
    results: () => broker.published.filter(({ Input }) => Input.result).map(({ Input }) => Input.result),
  };
}

/** The broker whose worker is ended right before it sends an order. */
export function endedBeforePost({ broker }: TestBroker) {
  return { broker: { ...broker, place: () => Promise.reject(new Error('The worker was ended.')) } };
}
