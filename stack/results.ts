// The topic for results, the function that relays them to Slack, and the function that reports executions that failed,
// timed out or were aborted. `SlackApprovals` creates one `Results`.
import { Lazy, Names, Stack, Tags, Token } from 'aws-cdk-lib';
import { Match, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { AnyPrincipal, Effect, type IRole, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { type IQueue } from 'aws-cdk-lib/aws-sqs';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { type IStateMachine, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct, type IConstruct } from 'constructs';
import { BundledFunction } from './bundled-function.ts';
import type { StageSettings } from './settings.ts';
import { type SlackAccess, SlackFunction } from './slack-function.ts';
import { isElsewhere, type StateMachines } from './state-machines.ts';
import { WorkQueue } from './work-queue.ts';

export interface ResultsProps extends SlackAccess, Pick<StageSettings, 'stage'> {
  readonly stateMachines: StateMachines;
}

/** Maximum length: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html */
const RULE_NAME = 64;

/** A role with this tag, whose value is the stage, may publish results: state machines outside the stack need it. */
export const PUBLISHER_TAG = 'countersign:publishes';

export class Results {
  /** Receives at least one message per completed execution. */
  readonly topic: Topic;
  private readonly scope: Construct;
  private readonly stage: string;
  private readonly failures: WorkQueue;
  /** ARNs of the roles that may publish. */
  private readonly publishers: string[] = [];
  private readonly denyOthers: PolicyStatement;

  constructor(scope: Construct, props: ResultsProps) {
    this.scope = scope;
    this.stage = props.stage;
    this.topic = new Topic(scope, 'Results', { enforceSSL: true });
    this.denyOthers = this.denyOtherPublishers();
    const relayed = new WorkQueue(scope, 'RelayedResults', relayFunction(scope, props));
    this.topic.addSubscription(new SqsSubscription(relayed.queue, { rawMessageDelivery: true }));
    const reportFailure = new BundledFunction(scope, 'ReportFailure', {
      entry: 'functions/report-failure.lambda.ts',
      timeoutSeconds: 20,
      environment: { RESULTS_TOPIC_ARN: this.topic.topicArn },
    });
    this.allowPublishing(reportFailure);
    props.stateMachines.allow(reportFailure, { executions: ['states:DescribeExecution'] });
    this.failures = new WorkQueue(scope, 'Failures', reportFailure);
    this.allowRules();
  }

  /** Reports executions of this state machine that end without publishing a result, and allows it to publish. */
  addStateMachine(stateMachine: IStateMachine, stateMachineArn: string, onFailure?: IQueue): void {
    this.allowRole(stateMachine, stateMachine instanceof StateMachine ? stateMachine.role : undefined);
    this.addRule(Names.uniqueId(stateMachine), stateMachine.node.path, [stateMachineArn], onFailure);
  }

  /** Reports executions of the state machines that match. Their roles may publish if they have the tag. */
  addStateMachines(match: string, stateMachineArn: string, onFailure?: IQueue): void {
    this.allowTaggedRoles();
    this.addRule(match, match, Match.wildcard(stateMachineArn), onFailure);
  }

  allowPublishing(publisher: BundledFunction): void {
    publisher.allow(['sns:Publish'], this.topic.topicArn);
    if (publisher.role) this.publishers.push(publisher.role.roleArn);
  }

  /** Allows a role of a workflow to publish. */
  grantPublish(role: IRole): void {
    const statement = new PolicyStatement({ actions: ['sns:Publish'], resources: [this.topic.topicArn] });
    role.addToPrincipalPolicy(statement);
    this.allowRole(role, role);
  }

  /** @param onFailure the queue of a workflow that publishes itself how its failed executions ended */
  private addRule(id: string, what: string, stateMachineArn: readonly string[], onFailure?: IQueue): void {
    const rule = new Construct(this.scope, `FailuresOf${id}`);
    const name = Names.uniqueResourceName(rule, { maxLength: RULE_NAME - this.rulePrefix().length });
    new Rule(rule, 'Rule', {
      ruleName: `${this.rulePrefix()}${name}`,
      description: `Executions of ${what} that ended without reporting a result`,
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: { stateMachineArn, status: ['FAILED', 'TIMED_OUT', 'ABORTED'] },
      },
      targets: [
        onFailure ? new SqsQueue(onFailure) : { bind: () => ({ arn: this.failures.queue.queueArn }) },
      ],
    });
  }

  /**
   * One statement for all rules, by their names: the policy of a queue may have 20 statements and 10 conditions.
   * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html
   */
  private allowRules(): void {
    const { queue } = this.failures;
    const rules = { service: 'events', resource: 'rule', resourceName: `${this.rulePrefix()}*` };
    queue.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [queue.queueArn],
        conditions: { ArnLike: { 'aws:SourceArn': Stack.of(this.scope).formatArn(rules) } },
      }),
    );
  }

  private rulePrefix(): string {
    return `countersign-${this.stage}-failures-`;
  }

  /** A role in another stack is recognized by its tag, because a reference to it would be a circle. */
  private allowRole(owner: IConstruct, role: IRole | undefined): void {
    if (role && (!isElsewhere(owner, this.scope) || !Token.isUnresolved(role.roleArn)))
      return void this.publishers.push(role.roleArn);
    this.allowTaggedRoles();
    if (role) Tags.of(role).add(PUBLISHER_TAG, this.stage);
  }

  /** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principaltag */
  private allowTaggedRoles(): void {
    this.denyOthers.addCondition('StringNotEquals', { [`aws:PrincipalTag/${PUBLISHER_TAG}`]: this.stage });
  }

  /**
   * People act on what a result says, so nobody publishes one except the state machines and the functions that report
   * their ends. A permission in another role of the account is not enough.
   */
  private denyOtherPublishers(): PolicyStatement {
    const statement = new PolicyStatement({
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: ['sns:Publish'],
      resources: [this.topic.topicArn],
      conditions: { ArnNotEquals: { 'aws:PrincipalArn': Lazy.list({ produce: () => this.publishers }) } },
    });
    this.topic.addToResourcePolicy(statement);
    return statement;
  }
}

function relayFunction(
  scope: Construct,
  { stateMachines, ...access }: Omit<ResultsProps, 'stage'>,
): SlackFunction {
  const relay = new SlackFunction(scope, 'RelayResult', {
    ...access,
    entry: 'functions/relay-result.lambda.ts',
    timeoutSeconds: 20,
  });
  stateMachines.allowParameters(relay);
  stateMachines.allow(relay, { executions: ['states:DescribeExecution'] });
  access.storage.grantApprovals(relay);
  access.storage.grantAuditWrite(relay);
  access.storage.auditBucket.grantAdd(relay);
  return relay;
}
