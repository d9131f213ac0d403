// The topic for results, the function that relays them to Slack, and the function that reports executions that failed,
// timed out or were aborted. `SlackApprovals` creates one `Results`.
import { Lazy } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
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
  /** ARNs of the roles that may publish. */
  private readonly publishers: string[] = [];

  constructor(scope: Construct, props: ResultsProps) {
    this.scope = scope;
    this.topic = new Topic(scope, 'Results', { enforceSSL: true });
    this.denyOtherPublishers();
    this.relayResult = relayFunction(scope, props);
    const relayed = new WorkQueue(scope, 'RelayedResults', this.relayResult);
    this.topic.addSubscription(new SqsSubscription(relayed.queue, { rawMessageDelivery: true }));
    this.reportFailure = new BundledFunction(scope, 'ReportFailure', {
      entry: 'functions/report-failure.lambda.ts',
      timeoutSeconds: 20,
      environment: { RESULTS_TOPIC_ARN: this.topic.topicArn },
    });
    this.allowPublishing(this.reportFailure);
    this.failures = new WorkQueue(scope, 'Failures', this.reportFailure);
  }

  /** Reports executions of this state machine that end without publishing a result. */
  addStateMachine({ stateMachineArn, role }: StateMachine, name: string): void {
    this.publishers.push(role.roleArn);
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

  allowPublishing(publisher: BundledFunction): void {
    publisher.allow(['sns:Publish'], this.topic.topicArn);
    if (publisher.role) this.publishers.push(publisher.role.roleArn);
  }

  /**
   * People act on what a result says, so nobody publishes one except the state machines and the functions that report
   * their ends. A permission in another role of the account is not enough.
   */
  private denyOtherPublishers(): void {
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: { ArnNotEquals: { 'aws:PrincipalArn': Lazy.list({ produce: () => this.publishers }) } },
      }),
    );
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
  access.storage.auditBucket.grantAdd(relay);
  return relay;
}
