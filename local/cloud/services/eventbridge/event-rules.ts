// EventBridge rules. Rules with a pattern send their queues each matching status change of an execution, which the
// interpreter reports. Rules with a schedule send their queues an event at a fixed rate, driven by timers.
import { randomUUID } from 'node:crypto';
import { createDelivery } from '../sqs/deliver-to-queue.ts';
import type { CloudContext } from '../../core/context.ts';
import { matches } from './event-pattern.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Queues } from '../sqs/queues.ts';
import type { RuleModel } from '../../template/resource-readers.ts';
import { account, region } from '../../template/resource-types.ts';
import type { Execution } from '../../core/state.ts';
import { redriveStatus } from '../step-functions/redrive.ts';
import type { TimerHandlers } from '../../core/timers.ts';

export type Announce = (execution: Execution) => void;

export interface Rules {
  readonly announce: Announce;
  /** Starts a timer for each rule with a schedule that has no timer yet. */
  startSchedules(): void;
  readonly handlers: Pick<TimerHandlers, 'schedule_due'>;
}

export function createRules(context: CloudContext, queues: Queues): Rules {
  const { model, clock, timers, log, state } = context;
  const deliver = createDelivery('events', context, queues);
  return { announce, startSchedules, handlers: { schedule_due: fire } };

  function announce(execution: Execution): void {
    const event = statusChange(execution, clock.now());
    for (const rule of model.rules) {
      if (!rule.pattern || !matches(rule.pattern, event)) continue;
      const { name, status } = execution;
      log({ source: 'events', event: 'rule_matched', rule: rule.name, execution: name, status });
      pass(event, rule);
    }
  }

  function startSchedules(): void {
    const running = state.timers.map(({ subject }) => subject);
    for (const { arn, every } of model.rules)
      if (every !== undefined && !running.includes(arn)) schedule(arn, clock.now() + every);
  }

  function fire(ruleArn: string, due: number): void {
    const rule = model.rules.find(({ arn }) => arn === ruleArn);
    if (rule?.every === undefined) return;
    pass(eventOf('aws.events', 'Scheduled Event', due, ruleArn, {}), rule);
    // If the clock skipped several periods, only one event is sent.
    const missed = Math.floor((clock.now() - due) / rule.every);
    schedule(ruleArn, due + (missed + 1) * rule.every);
  }

  function schedule(ruleArn: string, due: number): void {
    timers.add({ due, kind: 'schedule_due', subject: ruleArn });
  }

  function pass(event: JsonObject, { arn, targets }: RuleModel): void {
    for (const { queueArn, input } of targets) deliver(arn, queueArn, input ?? JSON.stringify(event));
  }
}

/** Format: https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html */
function eventOf(
  source: string,
  detailType: string,
  at: number,
  resource: string,
  detail: JsonObject,
): JsonObject {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': detailType,
    source,
    account,
    time: new Date(at).toISOString().replace(/\.\d+Z$/, 'Z'),
    region,
    resources: [resource],
    detail,
  };
}

/** Format of the detail: https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html */
function statusChange(execution: Execution, now: number): JsonObject {
  const { arn, name, machine, status, startDate, input, redrives } = execution;
  const { redriveStatusReason = null, ...redrivable } = redriveStatus(execution, now);
  return eventOf('aws.states', 'Step Functions Execution Status Change', now, arn, {
    executionArn: arn,
    stateMachineArn: machine.arn,
    name,
    status,
    startDate,
    stopDate: execution.stopDate ?? null,
    stateMachineVersionArn: null,
    stateMachineAliasArn: null,
    input,
    inputDetails: { included: true },
    output: execution.output ?? null,
    outputDetails: execution.output === undefined ? null : { included: true },
    error: execution.error ?? null,
    cause: execution.cause ?? null,
    redriveCount: redrives.length,
    redriveDate: redrives.at(-1)?.date ?? null,
    ...redrivable,
    redriveStatusReason,
  });
}
