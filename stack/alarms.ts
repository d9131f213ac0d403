// What an operator is woken for, on a topic of its own: letters in a dead-letter queue, functions that fail or are
// throttled, a secret that cannot be read, a Slack that refuses the bot. Each is a page of docs/operating.md. The stack
// makes one, over everything else in it.
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

export class Alarms extends Construct {
  /** Subscribe to it: an address, a pager. */
  readonly topic: Topic;
  private readonly stage: string;

  constructor(scope: Construct, id: string, stage: string) {
    super(scope, id);
    this.stage = stage;
    this.topic = new Topic(this, 'Topic', { enforceSSL: true });
    // A policy of its own replaces the one by which CloudWatch could publish.
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    const all = scope.node.findAll();
    for (const made of all.filter((each) => each instanceof WorkQueue))
      this.watchQueue(made.deadLetters, nameOf(made));
    for (const made of all.filter((each) => each instanceof BundledFunction)) this.watchFunction(made);
  }

  private watchQueue(deadLetters: Queue, name: string): void {
    const metric = deadLetters.metricApproximateNumberOfMessagesVisible({
      period: PERIOD,
      statistic: 'Maximum',
    });
    this.alarm(`${name}-dead-letters`, metric, `Messages of ${name} were given up after their tries.`);
  }

  private watchFunction(made: BundledFunction): void {
    const name = nameOf(made);
    this.alarm(`${name}-throttles`, made.metricThrottles({ period: PERIOD }), `${name} was not let run.`);
    // A function of a state may fail: the execution then tells it in the channel.
    if (made.isState) return;
    this.alarm(`${name}-errors`, made.metricErrors({ period: PERIOD }), `${name} failed as a whole.`);
    if (!made.usesSlack) return;
    const unreadable = [
      FilterPattern.stringValue('$.error', '=', 'UnreadableSecret'),
      FilterPattern.stringValue('$.event', '=', 'secret_unreadable'),
    ];
    this.watchLog(made, `${name}-secret-unreadable`, FilterPattern.any(...unreadable));
    if (name === 'reconciler')
      this.watchLog(made, 'repairs', FilterPattern.stringValue('$.event', '=', 'repaired'));
    // An event says so where only an operator can mend what Slack refused.
    this.watchLog(made, `${name}-refused-by-slack`, FilterPattern.exists('$.remedy'));
  }

  private watchLog(made: BundledFunction, name: string, filterPattern: IFilterPattern): void {
    const filter = new MetricFilter(this, `${name}-lines`, {
      logGroup: made.logGroup,
      filterPattern,
      metricNamespace: `Countersign/${this.stage}`,
      metricName: name,
    });
    this.alarm(name, filter.metric({ period: PERIOD, statistic: 'Sum' }), `${nameOf(made)} logged it.`);
  }

  private alarm(name: string, metric: IMetric, what: string): void {
    const alarm = new Alarm(this, name, {
      alarmName: `countersign-${this.stage}-${name}`,
      alarmDescription: `${what} What to do: docs/operating.md`,
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
function nameOf(made: IConstruct): string {
  return made.node.id.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
}
