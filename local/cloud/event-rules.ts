// EventBridge: each change of an execution's status is an event; a rule whose pattern it matches passes it to its
// queues. The interpreter announces the changes; the template's reader refuses patterns of more than exact strings.
import { randomUUID } from 'node:crypto';
import { createDelivery } from './deliver.ts';
import type { Foundation } from './foundation.ts';
import { matches } from './event-pattern.ts';
import type { JsonObject } from './json.ts';
import type { Queues } from './queues.ts';
import { account, region } from './resource-types.ts';
import type { Execution } from './state.ts';
import { redriveStatus } from './step-functions/redrive.ts';

export type Announce = (execution: Execution) => void;

export function createRules(foundation: Foundation, queues: Queues): Announce {
  const { model, clock, log } = foundation;
  const deliver = createDelivery('events', foundation, queues);
  return (execution) => {
    const event = statusChange(execution, clock.now());
    for (const { name, arn, pattern, queueArns } of model.rules) {
      if (!matches(pattern, event)) continue;
      const { name: executionName, status } = execution;
      log({ source: 'events', event: 'rule_matched', rule: name, execution: executionName, status });
      for (const queueArn of queueArns) deliver(arn, queueArn, JSON.stringify(event));
    }
  };
}

/** The event's shape: https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html */
function statusChange(execution: Execution, now: number): JsonObject {
  const { arn, name, machine, status, startDate, input, redrives } = execution;
  const { redriveStatusReason = null, ...redrivable } = redriveStatus(execution, now);
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Step Functions Execution Status Change',
    source: 'aws.states',
    account,
    time: new Date(now).toISOString().replace(/\.\d+Z$/, 'Z'),
    region,
    resources: [arn],
    detail: {
      executionArn: arn,
      stateMachineArn: machine.arn,
      name,
      status,
      startDate,
      stopDate: execution.stopDate ?? null,
      input,
      output: execution.output ?? null,
      error: execution.error ?? null,
      cause: execution.cause ?? null,
      redriveCount: redrives.length,
      redriveDate: redrives.at(-1)?.date ?? null,
      ...redrivable,
      redriveStatusReason,
    },
  };
}
