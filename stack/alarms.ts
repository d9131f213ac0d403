// CloudWatch alarms on dead letters, undelivered messages, functions that fail, are throttled or do not run, an
// unreadable secret, and log events that need an operator. A stack must create `Alarms` last, because only queues and
// functions that exist by then get alarms. docs/operations/runbook.md explains each alarm.
import { Duration, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function } from 'aws-cdk-lib/aws-lambda';
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct, type IConstruct } from 'constructs';
import { BundledFunction } from './bundled-function.ts';
import { InvalidSetting } from './invalid-setting.ts';
import { LOG_ALARMS, type LogAlarm, SECRET_UNREADABLE } from './log-alarms.ts';
import { instancesIn } from './slack-approvals.ts';
import { WorkQueue } from './work-queue.ts';

const PERIOD = Duration.minutes(5);

interface AlarmOptions {
  /** By default 1. */
  readonly threshold?: number;
  /** Periods in a row that must breach the threshold. By default 1. */
  readonly periods?: number;
  /** True to fire if the metric is below the threshold or missing. */
  readonly ifBelow?: boolean;
}

export class Alarms extends Construct {
  /** Receives every alarm. Subscribe an email address or a pager to it. */
  readonly topic: Topic;
  private readonly stage: string;

  /** @param scope a stack with one `SlackApprovals`, or the `SlackApprovals` themselves */
  constructor(scope: Construct, id: string, stage: string) {
    super(scope, id);
    checkInstances(this, scope, stage);
    this.stage = stage;
    this.topic = new Topic(this, 'Topic', { enforceSSL: true });
    // `enforceSSL` adds a topic policy, which replaces the default policy that allows CloudWatch to publish.
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    const all = scope.node.findAll();
    for (const queue of all.filter((each) => each instanceof WorkQueue)) this.addQueueAlarms(queue);
    for (const lambda of all.filter((each) => each instanceof BundledFunction))
      this.addFunctionAlarms(lambda);
  }

  /**
   * Adds an alarm on log events of your own.
   * @param name in kebab-case; the alarm is `countersign-<stage>-<name>`
   * @param logAlarm its pattern matches the events, in the log of any of the functions
   */
  addLogAlarm(name: string, { pattern, periods = 1 }: LogAlarm, ...functions: Function[]): void {
    const filters = functions.map(
      (lambda) =>
        new MetricFilter(this, functions.length > 1 ? `${name}-${nameOf(lambda)}-lines` : `${name}-lines`, {
          logGroup: lambda.logGroup,
          filterPattern: pattern,
          metricNamespace: `Countersign/${this.stage}`,
          metricName: name,
        }),
    );
    const [metric] = filters.map((filter) => filter.metric({ period: PERIOD, statistic: 'Sum' }));
    const logs = functions.map(nameOf).join(' or ');
    if (metric) this.alarm(name, metric, `${logs} logged an event that this alarm watches for.`, { periods });
  }

  private addQueueAlarms(workQueue: WorkQueue): void {
    const name = nameOf(workQueue);
    const { queue, deadLetters, maxAgeSeconds } = workQueue;
    this.alarm(
      `${name}-dead-letters`,
      deadLetters.metricApproximateNumberOfMessagesVisible({ period: PERIOD, statistic: 'Maximum' }),
      `Messages of ${name} failed on every attempt and are in its dead-letter queue.`,
    );
    this.alarm(
      `${name}-not-delivered`,
      queue.metricApproximateAgeOfOldestMessage({ period: PERIOD, statistic: 'Maximum' }),
      `Lambda does not deliver the messages of ${name}.`,
      { threshold: maxAgeSeconds + PERIOD.toSeconds() },
    );
  }

  private addFunctionAlarms(lambda: BundledFunction): void {
    const name = nameOf(lambda);
    this.alarm(`${name}-throttles`, lambda.metricThrottles({ period: PERIOD }), `Lambda throttled ${name}.`);
    // A function that a state invokes needs no error alarm. Its error fails the execution, and the failure is reported
    // in the Slack channel.
    if (lambda.isState) return;
    this.alarm(`${name}-errors`, lambda.metricErrors({ period: PERIOD }), `An invocation of ${name} failed.`);
    if (lambda.isScheduled) {
      // Ten minutes: after 15 minutes without a run of the reconciler the approvers are out of date, and approvals are refused.
      const runs = lambda.metricInvocations({ period: PERIOD });
      this.alarm(`${name}-not-running`, runs, `${name} did not run.`, { periods: 2, ifBelow: true });
    }
    for (const [alarm, logAlarm] of Object.entries(LOG_ALARMS[name] ?? {}))
      this.addLogAlarm(alarm, logAlarm, lambda);
    if (!lambda.usesSlack) return;
    this.addLogAlarm(`${name}-secret-unreadable`, { pattern: SECRET_UNREADABLE }, lambda);
    // A log event has `remedy` if only an operator can fix the problem.
    this.addLogAlarm(`${name}-refused-by-slack`, { pattern: FilterPattern.exists('$.remedy') }, lambda);
  }

  private alarm(
    name: string,
    metric: IMetric,
    description: string,
    { threshold = 1, periods = 1, ifBelow = false }: AlarmOptions = {},
  ): void {
    const { LESS_THAN_THRESHOLD, GREATER_THAN_OR_EQUAL_TO_THRESHOLD } = ComparisonOperator;
    const alarm = new Alarm(this, name, {
      alarmName: `countersign-${this.stage}-${name}`,
      alarmDescription: `${description} What to do: docs/operations/runbook.md`,
      metric,
      threshold,
      evaluationPeriods: periods,
      comparisonOperator: ifBelow ? LESS_THAN_THRESHOLD : GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: ifBelow ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(this.topic));
  }
}

/** Alarms are named after the stage and a part of an instance. */
function checkInstances(alarms: Alarms, scope: Construct, stage: string): void {
  const [one, ...more] = instancesIn(scope);
  if (!one) return;
  const example = `new Alarms(approvals, 'Alarms', '${one.stage}')`;
  if (more.length > 0)
    throw new InvalidSetting(
      `${scope.node.path} has ${more.length + 1} SlackApprovals, whose alarms would have the same names. Create alarms below each: ${example}.`,
    );
  if (one.stage !== stage)
    throw new InvalidSetting(
      `The alarms ${alarms.node.path} have the stage "${stage}", and ${one.node.path} has "${one.stage}". Create them with its stage: ${example}.`,
    );
}

/** `RequestApproval` → `request-approval`. */
function nameOf(construct: IConstruct): string {
  return construct.node.id.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
}
