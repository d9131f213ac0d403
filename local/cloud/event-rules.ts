// EventBridge: each change of an execution's status is an event; a rule whose pattern it matches passes it to its
// queues. The interpreter announces the changes.
import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { matchesPattern } from './event-pattern.ts';
import type { JsonObject } from './json.ts';
import type { Log } from './log.ts';
import { account, region } from './names.ts';
import type { Queues } from './queues.ts';
import type { RuleModel } from './readers.ts';
import type { Execution } from './state.ts';

interface RulesOptions {
  readonly rules: readonly RuleModel[];
  readonly queues: Queues;
  readonly clock: Clock;
  readonly log: Log;
}

export function createRules({ rules, queues, clock, log }: RulesOptions): (execution: Execution) => void {
  return (execution) => {
    const event = statusChange(execution, clock.now());
    for (const { name, pattern, queueArns } of rules) {
      if (!matchesPattern(pattern, event)) continue;
      log({
        source: 'events',
        event: 'rule_matched',
        rule: name,
        execution: execution.name,
        status: execution.status,
      });
      for (const queueArn of queueArns) {
        const queue = queues.find(queueArn);
        if (queue) queues.send(queue, JSON.stringify(event));
      }
    }
  };
}

/** The event's shape: https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html */
function statusChange(execution: Execution, now: number): JsonObject {
  const redrivable = execution.status !== 'RUNNING' && execution.status !== 'SUCCEEDED';
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Step Functions Execution Status Change',
    source: 'aws.states',
    account,
    time: new Date(now).toISOString().replace(/\.\d+Z$/, 'Z'),
    region,
    resources: [execution.arn],
    detail: {
      executionArn: execution.arn,
      stateMachineArn: execution.stateMachineArn,
      stateMachineVersionArn: null,
      stateMachineAliasArn: null,
      name: execution.name,
      status: execution.status,
      startDate: execution.startDate,
      stopDate: execution.stopDate ?? null,
      input: execution.input,
      output: execution.output ?? null,
      inputDetails: { included: true },
      outputDetails: execution.output === undefined ? null : { included: true },
      error: execution.error ?? null,
      cause: execution.cause ?? null,
      redriveCount: 0,
      redriveDate: null,
      redriveStatus: redrivable ? 'REDRIVABLE' : 'NOT_REDRIVABLE',
    },
  };
}
