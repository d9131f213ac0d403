// CloudWatch alarms on dead-letter queues, failing or throttled functions, an unreadable secret, repairs by the
// reconciler, refused messages, a changed audit, and problems that only an operator can fix. A stack must create `Alarms` last, because only queues and
// functions that exist by then get alarms. docs/operating.md explains each alarm.
import { Duration, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { FilterPattern, type IFilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct, type IConstruct } from 'constructs';
import { BundledFunction } from './bundled-function.ts';
import { WorkQueue } from './work-queue.ts';

const PERIOD = Duration.minutes(5);

/** By the name of a function: the name of each alarm, and the log event that raises it. */
const LOG_ALARMS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'request-approval': { 'requests-refused': 'request_refused' },
  'relay-result': {
    'results-refused': 'result_refused',
    'relay-result-audit-differs': 'audit_entry_differs',
  },
  reconciler: { repairs: 'repaired', 'reconciler-audit-differs': 'audit_entry_differs' },
};

export class Alarms extends Construct {
  /** Receives every alarm. Subscribe an email address or a pager to it. */
  readonly topic: Topic;
  private readonly stage: string;

  constructor(scope: Construct, id: string, stage: string) {
    super(scope, id);
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
    for (const queue of all.filter((each) => each instanceof WorkQueue))
      this.addDeadLetterAlarm(queue.deadLetters, nameOf(queue));
    for (const lambda of all.filter((each) => each instanceof BundledFunction))
      this.addFunctionAlarms(lambda);
  }

  private addDeadLetterAlarm(deadLetters: Queue, name: string): void {
    const metric = deadLetters.metricApproximateNumberOfMessagesVisible({
      period: PERIOD,
      statistic: 'Maximum',
    });
    this.alarm(
      `${name}-dead-letters`,
      metric,
      `Messages of ${name} failed on every attempt and are in its dead-letter queue.`,
    );
  }

  private addFunctionAlarms(lambda: BundledFunction): void {
    const name = nameOf(lambda);
    this.alarm(`${name}-throttles`, lambda.metricThrottles({ period: PERIOD }), `Lambda throttled ${name}.`);
    // A function that a state invokes needs no error alarm. Its error fails the execution, and the failure is reported
    // in the Slack channel.
    if (lambda.isState) return;
    this.alarm(`${name}-errors`, lambda.metricErrors({ period: PERIOD }), `An invocation of ${name} failed.`);
    if (!lambda.usesSlack) return;
    const unreadable = [
      FilterPattern.stringValue('$.error', '=', 'UnreadableSecret'),
      FilterPattern.stringValue('$.event', '=', 'secret_unreadable'),
    ];
    this.addLogAlarm(lambda, `${name}-secret-unreadable`, FilterPattern.any(...unreadable));
    for (const [alarm, event] of Object.entries(LOG_ALARMS[name] ?? {}))
      this.addLogAlarm(lambda, alarm, FilterPattern.stringValue('$.event', '=', event));
    // A log event has `remedy` if only an operator can fix the problem.
    this.addLogAlarm(lambda, `${name}-refused-by-slack`, FilterPattern.exists('$.remedy'));
  }

  private addLogAlarm(lambda: BundledFunction, name: string, filterPattern: IFilterPattern): void {
    const filter = new MetricFilter(this, `${name}-lines`, {
      logGroup: lambda.logGroup,
      filterPattern,
      metricNamespace: `Countersign/${this.stage}`,
      metricName: name,
    });
    this.alarm(
      name,
      filter.metric({ period: PERIOD, statistic: 'Sum' }),
      `${nameOf(lambda)} logged an event that counts for ${name}.`,
    );
  }

  private alarm(name: string, metric: IMetric, description: string): void {
    const alarm = new Alarm(this, name, {
      alarmName: `countersign-${this.stage}-${name}`,
      alarmDescription: `${description} What to do: docs/operating.md`,
      metric,
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(this.topic));
  }
}

/** `RequestApproval` → `request-approval`. */
function nameOf(construct: IConstruct): string {
  return construct.node.id.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
}
