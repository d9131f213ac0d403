// The real functions behind the queues, and the state that trades, wrapped as in their entries. The world delivers to
// them.
import { identitiesFrom } from '../../slack/identities.ts';
import type { WebClient } from '@slack/web-api';
import type { Approvals } from '../../aws/approvals-table.ts';
import type { AuditCopies } from '../../aws/audit-copies.ts';
import type { AuditCursor } from '../../aws/audit-cursor.ts';
import type { AuditTable } from '../../aws/audit-table.ts';
import { describeExecution, resumeTask, stopExecution } from '../../aws/executions.ts';
import type { Completions } from '../../aws/completions-table.ts';
import type { Broker } from '../../aws/trading/broker.ts';
import type { Reservations } from '../../aws/trading/reservations.ts';
import type { Log } from '../../aws/log.ts';
import type { ProgressReports } from '../../aws/progress.ts';
import type { ResolvedApproversTable } from '../../aws/resolved-approvers-table.ts';
import type { UnpostedNotices } from '../../aws/unposted-notices.ts';
import type { PreferencesTable } from '../../aws/preferences-table.ts';
import { reconcile } from '../../functions/reconcile.ts';
import { OrderUnknown } from '../../functions/trading/order-unknown.ts';
import { placeOrder } from '../../functions/trading/place-order.ts';
import { createQueueHandler, type RecordHandler } from '../../functions/queue-handler.ts';
import { relayResult } from '../../functions/relay-result.ts';
import { requestApproval } from '../../functions/request-approval.ts';
import type { Requeue } from '../../functions/requeue.ts';
import { queueEventSentAt, unlimited, firstAttemptOf } from '../support/queue-event.ts';
import { type Execution, EXECUTION, STATE_MACHINE } from './execution.ts';
import type { QueueName, Queues, Work } from './queues.ts';
import { CHANNEL, escalationRules, rules } from './trade.ts';
import { peopleRules } from '../support/people-rules.ts';
import { policiesWith } from '../support/policies.ts';

interface Surroundings {
  readonly approvals: Approvals;
  readonly progress: ProgressReports;
  readonly audit: AuditTable;
  readonly auditCursor: AuditCursor;
  readonly copies: AuditCopies;
  readonly completions: Completions;
  readonly unpostedNotices: UnpostedNotices;
  readonly resolvedApprovers: ResolvedApproversTable;
  readonly people: PreferencesTable;
  readonly broker: Broker;
  readonly reservations: Reservations;
  readonly execution: Execution;
  readonly queues: Queues;
  readonly slack: () => Promise<WebClient>;
  /** The person for whom the bot started the execution. */
  readonly requester: string | undefined;
  readonly now: () => Date;
  readonly log: Log;
}

export function workers(surroundings: Surroundings): Readonly<Record<QueueName, Work>> {
  const { queues, requester, now, log } = surroundings;
  const start = requester && { requester, requesters: [requester], at: new Date(0).toISOString() };
  const behind = (queue: QueueName, work: RecordHandler): Work => {
    /** When the requeued messages were first sent. */
    const firstSent = new Map<string, number>();
    const requeue: Requeue = async ({ body, firstSentAt }, seconds) => {
      firstSent.set(body, firstSentAt);
      queues.send(queue, JSON.parse(body), now().getTime() + seconds * 1_000);
    };
    const handler = createQueueHandler({ work, rateLimiter: unlimited, requeue, now, log });
    return async (body) => {
      const { batchItemFailures } = await handler(
        queueEventSentAt(firstSent.get(body) ?? now().getTime(), body),
      );
      return batchItemFailures.length === 0;
    };
  };
  const dependencies = {
    ...surroundings,
    channels: [CHANNEL],
    policies: policiesWith({ channel: CHANNEL, ...rules, escalation: escalationRules }, [STATE_MACHINE]),
    rateLimiter: unlimited,
    identityOf: identitiesFrom(surroundings.slack, now),
    peopleRules,
    starts: { get: async () => start || undefined },
    startedOutsideSlack: 'as-usual' as const,
    backlogs: {
      get: async () => undefined,
      begin: async () => true,
      put: async () => {},
      end: async () => {},
    },
    describe: (executionArn: string) => describeExecution(surroundings.execution.client, executionArn),
    fail: async () => {},
    firstAttempt: firstAttemptOf,
    executions: {
      resume: (token: string, output: object) => resumeTask(surroundings.execution.client, token, output),
    },
    stop: (arn: string, cause: string) => stopExecution(surroundings.execution.client, arn, cause),
    publish: async (message: object) => queues.send('results', message),
  };
  return {
    requests: behind('requests', requestApproval(dependencies)),
    results: behind('results', relayResult(dependencies)),
    watches: behind('watches', reconcile(dependencies)),
    orders: trade(surroundings),
  };
}

/** The state that trades. Step Functions, too, runs it again where it died. */
function trade({ execution, approvals, broker, reservations, queues, now }: Surroundings): Work {
  const place = placeOrder('buy', {
    approvals,
    broker,
    reservations,
    publish: async (message) => queues.send('results', message),
    limits: { symbols: ['AMZN'], restricted: [], maxAmount: 1_000_000 },
    priceBandPercent: 1,
    pause: async () => {},
    now,
  });
  return async (body) => {
    try {
      const input = { Input: JSON.parse(body), ExecutionId: EXECUTION, WorkSeconds: 300, RedriveCount: 0 };
      execution.end('done', ['trading'], await place(input));
    } catch (error) {
      if (error instanceof OrderUnknown) return false;
      execution.end('failed', ['trading'], { result: { outcome: 'failed', text: String(error) } });
    }
    return true;
  };
}
