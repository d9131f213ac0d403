// The small stack that the cases run on: queues, a topic, rules, a table, a secret, a parameter, a bucket, four functions and the
// state machines. `app.ts` deploys it, and `local-cloud.ts` runs it in the local cloud.
import { type App, CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  type Code,
  EventSourceMapping,
  Function,
  type FunctionProps,
  FunctionUrlAuthType,
} from 'aws-cdk-lib/aws-lambda';
import { InvokeMode, Runtime } from 'aws-cdk-lib/aws-lambda';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { machines } from './machines.ts';
import { STACK } from './stack-name.ts';

/** Files in `functions/`. */
export const functionFiles = ['record', 'work', 'answer', 'stream'] as const;
export type FunctionFile = (typeof functionFiles)[number];

/** Long enough for a cold start on a busy machine, which counts in the local cloud. */
const RECORD_SECONDS = 6;
const FUNCTION_SECONDS = 4;

/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html#events-sqs-permissions */
const pollerCalls = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];

export class ConformanceStack extends Stack {
  constructor(app: App, codeOf: (file: FunctionFile) => Code, props: StackProps = {}) {
    super(app, STACK, { ...props, description: 'Countersign conformance cases; remove it at any time' });
    // Without permission to write logs, so that no log group remains when the stack is removed.
    const functions = new Role(this, 'Functions', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    const states = new Role(this, 'States', { assumedBy: new ServicePrincipal('states.amazonaws.com') });
    const code = (file: FunctionFile, properties: Partial<FunctionProps> = {}) =>
      new Function(this, file, {
        code: codeOf(file),
        handler: 'index.handler',
        runtime: Runtime.NODEJS_24_X,
        timeout: Duration.seconds(FUNCTION_SECONDS),
        role: functions,
        ...properties,
      });
    const deadLetters = new Queue(this, 'DeadLetters');
    const deadLetterQueue = { queue: deadLetters, maxReceiveCount: 2 };
    const visibilityTimeout = Duration.seconds(RECORD_SECONDS);
    const queue = new Queue(this, 'Queue', { visibilityTimeout, deadLetterQueue });
    const other = new Queue(this, 'Other', { visibilityTimeout, deadLetterQueue });
    const unread = new Queue(this, 'Unread');
    const table = new Table(this, 'Table', {
      partitionKey: { name: 'id', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    table.addGlobalSecondaryIndex({
      indexName: 'open',
      partitionKey: { name: 'openIn', type: AttributeType.STRING },
      sortKey: { name: 'id', type: AttributeType.STRING },
    });
    const topic = new Topic(this, 'Topic');
    topic.addSubscription(new SqsSubscription(queue, { rawMessageDelivery: true }));
    const record = code('record', {
      timeout: Duration.seconds(RECORD_SECONDS),
      memorySize: 512,
      environment: { TABLE: table.tableName, QUEUE_URL: queue.queueUrl },
    });
    const work = code('work');
    allow(functions, ['dynamodb:PutItem', 'dynamodb:UpdateItem'], table.tableArn);
    allow(functions, pollerCalls, queue.queueArn, other.queueArn);
    for (const role of [functions, states]) allow(role, ['sqs:SendMessage'], queue.queueArn);
    allow(states, ['sns:Publish'], topic.topicArn, `${topic.topicArn}x`);
    allow(states, ['lambda:InvokeFunction'], work.functionArn);
    for (const [id, { queueArn }] of Object.entries({ QueueDelivery: queue, OtherDelivery: other }))
      new EventSourceMapping(this, id, {
        target: record,
        eventSourceArn: queueArn,
        reportBatchItemFailures: true,
      }).node.addDependency(functions);
    const url = (file: 'answer' | 'stream', invokeMode: InvokeMode) =>
      code(file).addFunctionUrl({ authType: FunctionUrlAuthType.NONE, invokeMode }).url;
    const secret = new CfnSecret(this, 'Secret', { secretString: '{"stored":"by the stack"}' });
    const parameter = new StringParameter(this, 'Parameter', {
      parameterName: `/${STACK}/limit`,
      stringValue: '{"stored":"by the stack"}',
    });
    const bucket = new Bucket(this, 'Bucket', {
      objectLockEnabled: true,
      versioned: true,
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const definitionSubstitutions = {
      QueueUrl: queue.queueUrl,
      TopicArn: topic.topicArn,
      WorkArn: work.functionArn,
    };
    const machineArns = Object.entries(machines).map(([name, definition]) => {
      const definitionString = JSON.stringify(definition);
      const properties = { definitionString, definitionSubstitutions, roleArn: states.roleArn };
      const machine = new CfnStateMachine(this, name, properties);
      machine.node.addDependency(states);
      return [name, machine.ref] as const;
    });
    const arns: Record<string, string> = Object.fromEntries(machineArns);
    this.rule('StatusChanges', queue, {
      eventPattern: { source: ['aws.states'], detail: { stateMachineArn: [arns.Pass, arns.Fail] } },
    });
    this.rule('EveryMinute', queue, { scheduleExpression: 'rate(1 minute)' });
    const names = {
      ...arns,
      QueueUrl: queue.queueUrl,
      QueueArn: queue.queueArn,
      OtherUrl: other.queueUrl,
      OtherArn: other.queueArn,
      UnreadUrl: unread.queueUrl,
      DeadLettersUrl: deadLetters.queueUrl,
      DeadLettersArn: deadLetters.queueArn,
      TopicArn: topic.topicArn,
      TableName: table.tableName,
      SecretArn: secret.ref,
      ParameterName: parameter.parameterName,
      BucketName: bucket.bucketName,
      AnswerUrl: url('answer', InvokeMode.BUFFERED),
      StreamUrl: url('stream', InvokeMode.RESPONSE_STREAM),
    };
    for (const [name, value] of Object.entries(names)) new CfnOutput(this, `${name}Out`, { value });
  }

  /** The queue's policy admits the rule. */
  private rule(id: string, queue: Queue, properties: object): void {
    const rule = new CfnRule(this, id, {
      ...properties,
      state: 'ENABLED',
      targets: [{ id: 'queue', arn: queue.queueArn }],
    });
    queue.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [queue.queueArn],
        conditions: { ArnEquals: { 'aws:SourceArn': rule.attrArn } },
      }),
    );
  }
}

function allow(role: Role, actions: readonly string[], ...resources: readonly string[]): void {
  role.addToPolicy(new PolicyStatement({ actions: [...actions], resources: [...resources] }));
}
