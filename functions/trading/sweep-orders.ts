// Finds reservations whose execution is over, every minute: EventBridge delivers its events on a best-effort basis. Sends the
// missing event to the queue of ended executions, where End Orders handles it.
import type { Described } from '../../aws/executions.ts';
import { executionName } from '../../aws/executions.ts';
import type { Log } from '../../aws/log.ts';
import type { Reservations } from '../../aws/trading/reservations.ts';
import { endedExecutionEvent, hasFailed } from './ended-execution.ts';

export interface SweepOrdersDependencies {
  readonly reservations: Pick<Reservations, 'overdue' | 'settle'>;
  readonly describe: (executionArn: string) => Promise<Described>;
  /** Sends a message to the queue of ended executions. */
  readonly send: (event: object) => Promise<void>;
  readonly now: () => Date;
  readonly log: Log;
}

type Overdue = Awaited<ReturnType<Reservations['overdue']>>[number];

export function sweepOrders({ reservations, describe, send, now, log }: SweepOrdersDependencies) {
  const check = async ({ id, reservation }: Overdue): Promise<void> => {
    const { executionArn, blockedThrough } = reservation;
    const { status, endedAt, redriveCount = 0 } = await describe(executionArn);
    const execution = executionName(executionArn);
    if (status === 'SUCCEEDED' || status === 'MISSING') {
      // The last state was killed after it knew how the order ended.
      await reservations.settle(id, { unfilledCents: 0, now: now() });
      log('reservation_settled', { execution, status });
    } else if (hasFailed(status) && (blockedThrough ?? -1) < redriveCount) {
      await send(endedExecutionEvent({ executionArn, status, endedAt }));
      log('lost_end_found', { execution, status });
    }
  };
  return async (): Promise<void> => {
    const failures: unknown[] = [];
    // One execution that cannot be described does not keep the others from being found.
    for (const overdue of await reservations.overdue(now()))
      await check(overdue).catch((error: unknown) => void failures.push(error));
    if (failures.length > 0) throw failures[0];
  };
}
