// Ends the orders of executions that failed, timed out or were stopped: the queue that gets EventBridge's events,
// the function that ends their orders, and the function that finds the events that were lost. `TradingWorkflow` creates one.
import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Alarms, SlackApprovals } from 'countersign';
import { BundledFunction } from '../bundled-function.ts';
import { STALLED } from '../log-alarms.ts';
import { WorkQueue } from '../work-queue.ts';
import { setVariable } from './set-variable.ts';

interface EndedExecutionsProps {
  readonly approvals: SlackApprovals;
  readonly ledger: Table;
  readonly stateMachineName: string;
}

export class EndedExecutions extends Construct {
  /** Gets EventBridge's event of each execution that failed, timed out or was stopped. */
  readonly queue: IQueue;
  private readonly endOrders: BundledFunction;

  constructor(scope: Construct, id: string, { approvals, ledger, stateMachineName }: EndedExecutionsProps) {
    super(scope, id);
    const describe = (lambda: BundledFunction) =>
      lambda.allow(['states:DescribeExecution'], executionsOf(stateMachineName, this));
    this.endOrders = new BundledFunction(this, 'EndOrders', {
      entry: 'functions/trading/end-orders.lambda.ts',
      timeoutSeconds: 30,
      environment: {
        APPROVALS_TABLE: approvals.approvalsTable.tableName,
        RESULTS_TOPIC_ARN: approvals.results.topicArn,
      },
    });
    const { endOrders } = this;
    setVariable(endOrders, 'LEDGER_TABLE', ledger.tableName);
    endOrders.allow(['dynamodb:Query'], approvals.approvalsTable.tableArn);
    endOrders.allow(['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'], ledger.tableArn);
    describe(endOrders);
    if (endOrders.role) approvals.grantPublish(endOrders.role);
    this.queue = new WorkQueue(this, 'Ended', endOrders).queue;

    const sweepOrders = new BundledFunction(this, 'SweepOrders', {
      entry: 'functions/trading/sweep-orders.lambda.ts',
      timeoutSeconds: 30,
      isScheduled: true,
    });
    setVariable(sweepOrders, 'LEDGER_TABLE', ledger.tableName);
    setVariable(sweepOrders, 'ENDED_EXECUTIONS_QUEUE_URL', this.queue.queueUrl);
    sweepOrders.allow(['dynamodb:GetItem', 'dynamodb:PutItem'], ledger.tableArn);
    sweepOrders.allow(['sqs:SendMessage'], this.queue.queueArn);
    describe(sweepOrders);
    // Sweep Orders does not requeue messages, because the schedule starts the next run within a minute.
    const sweeps = new WorkQueue(this, 'Sweeps', sweepOrders, { requeues: false });
    new Rule(this, 'SweepSchedule', {
      description: 'Time to look for orders whose execution is over',
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [new SqsQueue(sweeps.queue)],
    });
  }
  addAlarms(alarms: Alarms): void {
    alarms.addLogAlarm('end-orders-stalled', STALLED, this.endOrders);
  }
}

/** The ARN pattern of the executions of this state machine. */
function executionsOf(stateMachineName: string, scope: Construct): string {
  return Stack.of(scope).formatArn({
    service: 'states',
    resource: 'execution',
    resourceName: `${stateMachineName}:*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}
