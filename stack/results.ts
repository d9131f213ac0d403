// The topic for results, the function that relays them to Slack, and the function that reports executions that failed,
// timed out or were aborted. `SlackApprovals` creates one `Results`.
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { BundledFunction } from './bundled-function.ts';
import type { ApprovalSettings } from './settings.ts';
import { type SlackAccess, SlackFunction } from './slack-function.ts';
import { executionsOf, type StateMachines } from './state-machines.ts';
import { WorkQueue } from './work-queue.ts';

export interface ResultsProps extends SlackAccess, Pick<ApprovalSettings, 'channel' | 'broadcast'> {
  readonly stateMachines: StateMachines;
}

export class Results {
  /** Receives at least one message per completed execution. */
  readonly topic: Topic;
  private readonly scope: Construct;
  private readonly relayResult: SlackFunction;
  private readonly reportFailure: BundledFunction;
  private readonly failures: WorkQueue;

  constructor(scope: Construct, props: ResultsProps) {
    this.scope = scope;
    this.topic = new Topic(scope, 'Results', { enforceSSL: true });
    this.relayResult = relayFunction(scope, props);
    const relayed = new WorkQueue(scope, 'RelayedResults', this.relayResult);
    this.topic.addSubscription(new SqsSubscription(relayed.queue, { rawMessageDelivery: true }));
    this.reportFailure = new BundledFunction(scope, 'ReportFailure', {
      entry: 'functions/report-failure.lambda.ts',
      timeoutSeconds: 20,
      environment: { RESULTS_TOPIC_ARN: this.topic.topicArn },
    });
    this.reportFailure.allow(['sns:Publish'], this.topic.topicArn);
    this.failures = new WorkQueue(scope, 'Failures', this.reportFailure);
  }

  /** Reports executions of this state machine that end without publishing a result. */
  addStateMachine({ stateMachineArn }: StateMachine, name: string): void {
    for (const each of [this.relayResult, this.reportFailure])
      each.allow(['states:DescribeExecution'], executionsOf(this.scope, name));
    new Rule(this.scope, `${name}Failures`, {
      description: `Executions of ${name} that ended without reporting a result`,
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: { stateMachineArn: [stateMachineArn], status: ['FAILED', 'TIMED_OUT', 'ABORTED'] },
      },
      targets: [new SqsQueue(this.failures.queue)],
    });
  }
}

function relayFunction(
  scope: Construct,
  { channel, broadcast, stateMachines, ...access }: ResultsProps,
): SlackFunction {
  const relay = new SlackFunction(scope, 'RelayResult', {
    ...access,
    entry: 'functions/relay-result.lambda.ts',
    timeoutSeconds: 20,
  });
  relay.setVariable('CHANNEL', channel);
  relay.setVariable('BROADCAST', broadcast.join(',') || 'none');
  relay.setVariable('STATE_MACHINE_ARNS', stateMachines.list());
  access.storage.grantApprovals(relay);
  access.storage.grantAuditWrite(relay);
  return relay;
}
