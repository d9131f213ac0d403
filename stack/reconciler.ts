// The reconciler, a function that checks every minute the open approvals that are due, with its schedule and its queue.
// `SlackApprovals` creates one `Reconciler`.
import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import type { Construct } from 'constructs';
import { NEXT_CHECK_INDEX } from '../aws/names/indexes.ts';
import type { Results } from './results.ts';
import { type SlackAccess, SlackFunction } from './slack-function.ts';
import type { StateMachines } from './state-machines.ts';
import { WorkQueue } from './work-queue.ts';

interface ReconcilerProps extends SlackAccess {
  /** Slack channel ids. */
  readonly channels: readonly string[];
  readonly results: Results;
  readonly stateMachines: StateMachines;
  /** The rules about people, as JSON. */
  readonly rules: string;
}

export class Reconciler extends SlackFunction {
  constructor(
    scope: Construct,
    id: string,
    { channels, results, stateMachines, rules, ...access }: ReconcilerProps,
  ) {
    super(scope, id, {
      ...access,
      entry: 'functions/reconcile.lambda.ts',
      timeoutSeconds: 50,
      // A run may check thousands of approvals.
      memory: 512,
      isScheduled: true,
    });
    this.setVariable('CHANNELS', channels.join(','));
    this.setVariable('PEOPLE_RULES', rules);
    this.setVariable('RESULTS_TOPIC_ARN', results.topic.topicArn);
    results.allowPublishing(this);
    access.storage.grantApprovals(this, NEXT_CHECK_INDEX);
    access.storage.grantAuditReadWrite(this);
    access.storage.auditBucket.grantAdd(this);
    stateMachines.allow(this, {
      machines: ['states:SendTaskSuccess'],
      executions: ['states:DescribeExecution', 'states:StopExecution'],
    });
    // The reconciler does not requeue messages, because the schedule starts the next run within a minute.
    const queue = new WorkQueue(scope, 'Reconcile', this, { requeues: false });
    new Rule(scope, 'ReconcileSchedule', {
      description: 'Time to check open approvals',
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [new SqsQueue(queue.queue)],
    });
  }
}
