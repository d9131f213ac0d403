// Approvals in Slack for any state machine: the request queue it sends to, the table, the bot, the topic of results
// and the relay that posts them. It knows nothing of what is approved.
import { Arn, ArnFormat, CfnOutput, Duration, Lazy, RemovalPolicy, SecretValue, Stack } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { FunctionUrlAuthType, InvokeMode } from 'aws-cdk-lib/aws-lambda';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { DECIDED_INDEX, NEXT_CHECK_INDEX, OPEN_INDEX } from '../aws/names/indexes.ts';
import { BundledFunction } from './bundled-function.ts';
import type { ApprovalSettings } from './settings.ts';
import { WorkQueue } from './work-queue.ts';

interface BotProps {
  /** Name of the slash command, as the app's manifest has it. */
  readonly command: string;
  /** Path of the bot's entry from the project's root; a workflow that has something of its own in Slack has its own. */
  readonly botEntry: string;
}

type Named = Pick<ApprovalSettings, 'stage' | 'channel' | 'approvers'>;
type SlackApprovalsProps = Named & Partial<Omit<ApprovalSettings, keyof Named> & BotProps>;
type AllProps = ApprovalSettings & BotProps;

/** What is so where nothing else is given: one of the approvers decides, within a quarter of an hour. */
const DEFAULTS = {
  tiers: [{ upToUsd: 1e12, approvals: 1 }],
  confirmFromUsd: 10_000,
  remindAtPercent: 50,
  escalateAtPercent: 0,
  escalateTo: [],
  broadcast: ['done', 'failed'],
  approvalTimeoutSeconds: 900,
  invokeMode: 'RESPONSE_STREAM',
  slackApiUrl: 'https://slack.com/api/',
  command: '/approvals',
  botEntry: 'bot/bot.lambda.ts',
} as const;

export class SlackApprovals extends Construct {
  /** Where a state sends `{Input, TaskToken, ExecutionId, EnteredTime}` and waits. */
  readonly requests: WorkQueue;
  /** Every ending of an execution is published here. */
  readonly results: Topic;
  readonly table: Table;
  /** What people did, kept for good. */
  readonly audit: Table;
  readonly bot: BundledFunction;
  /** How long a request waits for a decision. */
  readonly timeout: Duration;
  private readonly requestApproval: BundledFunction;
  private readonly reconcile: BundledFunction;
  private readonly reportFailure: BundledFunction;
  private readonly failures: WorkQueue;
  private readonly secret: Secret;
  /** ARNs of the state machines that are served. */
  private readonly stateMachineArns: string[] = [];

  constructor(scope: Construct, id: string, given: SlackApprovalsProps) {
    super(scope, id);
    const props: AllProps = { ...DEFAULTS, ...given };
    this.timeout = Duration.seconds(props.approvalTimeoutSeconds);
    this.table = approvalsTable(this);
    this.audit = auditTable(this);
    const nameOfSecret = `countersign/${props.stage}/slack`;
    this.secret = slackSecret(this, nameOfSecret);
    this.results = new Topic(this, 'Results', { enforceSSL: true });

    // Somebody waits for it: twice the memory is twice the processor, and costs as much for half the time.
    this.bot = this.slackFunction('Bot', props.botEntry, 10, props, 1024);
    this.bot.allow(
      ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:UpdateItem'],
      this.table.tableArn,
    );
    const indexes = [OPEN_INDEX, DECIDED_INDEX].map((index) => `${this.table.tableArn}/index/${index}`);
    this.bot.allow(['dynamodb:Query'], ...indexes);
    const anyTier = props.tiers.flatMap(({ approvers = [] }) => approvers);
    this.bot.setVariable('APPROVERS', [...new Set([...props.approvers, ...anyTier])].join(','));
    this.bot.setVariable('AUDIT_TABLE', this.audit.tableName);
    this.bot.allow(['dynamodb:PutItem', 'dynamodb:Query'], this.audit.tableArn);
    this.bot.setVariable('STATE_MACHINE_ARNS', this.allStateMachineArns());
    this.bot.setVariable('COMMAND', props.command);
    this.bot.setVariable('INVOKE_MODE', props.invokeMode);
    const { url } = this.bot.addFunctionUrl({
      authType: FunctionUrlAuthType.NONE,
      invokeMode: InvokeMode[props.invokeMode],
    });
    this.tell({ botUrl: url, channel: props.channel, secret: nameOfSecret });

    this.requestApproval = this.createRequestFunction(props);
    this.requests = new WorkQueue(this, 'Requests', this.requestApproval);
    this.reconcile = this.createReconciler(props);
    const relayed = new WorkQueue(this, 'RelayedResults', this.relayResult(props));
    this.results.addSubscription(new SqsSubscription(relayed.queue, { rawMessageDelivery: true }));

    this.reportFailure = new BundledFunction(this, 'ReportFailure', {
      entry: 'functions/report-failure.lambda.ts',
      timeoutSeconds: 20,
      environment: { RESULTS_TOPIC_ARN: this.results.topicArn },
    });
    this.reportFailure.allow(['sns:Publish'], this.results.topicArn);
    this.failures = new WorkQueue(this, 'Failures', this.reportFailure);
  }

  /** Lets the bot resume the executions of this state machine, and reports those that fail, time out or are aborted. */
  addStateMachine(stateMachine: StateMachine, name: string): void {
    // StartExecution: what was declined or has expired can be asked again.
    this.bot.allow(['states:SendTaskSuccess', 'states:StartExecution'], stateMachine.stateMachineArn);
    this.requestApproval.allow(['states:SendTaskFailure'], stateMachine.stateMachineArn);
    this.stateMachineArns.push(stateMachine.stateMachineArn);
    this.bot.allow(['states:DescribeExecution', 'states:StopExecution'], executionsOf(this, name));
    this.reconcile.allow(['states:StopExecution'], executionsOf(this, name));
    this.reconcile.allow(['states:SendTaskSuccess'], stateMachine.stateMachineArn);
    for (const asking of [this.reportFailure, this.requestApproval, this.reconcile])
      asking.allow(['states:DescribeExecution'], executionsOf(this, name));
    new Rule(this, `${name}Failures`, {
      description: `Executions of ${name} that ended without reporting a result`,
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: {
          stateMachineArn: [stateMachine.stateMachineArn],
          status: ['FAILED', 'TIMED_OUT', 'ABORTED'],
        },
      },
      targets: [new SqsQueue(this.failures.queue)],
    });
  }

  /** What an operator needs to know of it. */
  private tell(own: { readonly botUrl: string; readonly channel: string; readonly secret: string }): void {
    const outputs = {
      ApprovalsTable: [this.table.tableName, 'The approvals'],
      AuditTable: [this.audit.tableName, 'What people did'],
      BotUrl: [own.botUrl, 'Request URL of the Slack app'],
      Channel: [own.channel, 'Slack channel where approvals are asked'],
      SecretName: [own.secret, 'Put botToken and signingSecret here'],
    } as const;
    for (const [name, [value, description]] of Object.entries(outputs))
      new CfnOutput(Stack.of(this), name, { value, description });
  }

  private createRequestFunction(props: AllProps): BundledFunction {
    const made = this.slackFunction('RequestApproval', 'functions/request-approval.lambda.ts', 20, props);
    made.setVariable('CHANNEL', props.channel);
    made.setVariable('APPROVERS', props.approvers.join(','));
    made.setVariable('TIERS', JSON.stringify(props.tiers));
    made.setVariable('ESCALATION', JSON.stringify(scheduleFor(props)));
    made.setVariable('STATE_MACHINE_ARNS', this.allStateMachineArns());
    made.setVariable('CONFIRM_FROM_USD', String(props.confirmFromUsd));
    made.setVariable('APPROVAL_TIMEOUT_SECONDS', String(props.approvalTimeoutSeconds));
    made.allow(
      ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:UpdateItem'],
      this.table.tableArn,
    );
    return made;
  }

  /** Goes every minute through all that is not told to its end. */
  private createReconciler(props: AllProps): BundledFunction {
    const made = this.slackFunction('Reconciler', 'functions/reconcile.lambda.ts', 50, props);
    made.setVariable('CHANNEL', props.channel);
    made.setVariable('RESULTS_TOPIC_ARN', this.results.topicArn);
    made.allow(['sns:Publish'], this.results.topicArn);
    made.allow(['dynamodb:Query'], `${this.table.tableArn}/index/${NEXT_CHECK_INDEX}`);
    made.allow(
      ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:UpdateItem'],
      this.table.tableArn,
    );
    // The next comes in a minute.
    const watches = new WorkQueue(this, 'ReconcileQueue', made, false);
    new Rule(this, 'ReconcileSchedule', {
      description: 'Time to look at what waits',
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [new SqsQueue(watches.queue)],
    });
    return made;
  }

  private relayResult(props: AllProps): BundledFunction {
    const made = this.slackFunction('RelayResult', 'functions/relay-result.lambda.ts', 20, props);
    made.setVariable('CHANNEL', props.channel);
    made.setVariable('BROADCAST', props.broadcast.join(',') || 'none');
    made.setVariable('STATE_MACHINE_ARNS', this.allStateMachineArns());
    made.setVariable('AUDIT_TABLE', this.audit.tableName);
    made.allow(['dynamodb:PutItem'], this.audit.tableArn);
    made.allow(
      ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:UpdateItem'],
      this.table.tableArn,
    );
    return made;
  }

  /** Known once the app is whole. */
  private allStateMachineArns(): string {
    return Lazy.string({ produce: () => this.stateMachineArns.join(',') });
  }

  private slackFunction(
    id: string,
    entry: string,
    timeoutSeconds: number,
    props: AllProps,
    memory = 512,
  ): BundledFunction {
    const made = new BundledFunction(this, id, {
      entry,
      timeoutSeconds,
      memory,
      usesSlack: true,
      environment: {
        APPROVALS_TABLE: this.table.tableName,
        SLACK_SECRET_ARN: this.secret.secretArn,
        SLACK_API_URL: props.slackApiUrl,
      },
    });
    made.allow(['secretsmanager:GetSecretValue'], this.secret.secretArn);
    return made;
  }
}

/** As `domain/escalation.ts` has it; 0 is no such rung. */
function scheduleFor({ remindAtPercent, escalateAtPercent, escalateTo }: ApprovalSettings): object {
  return {
    remindAt: remindAtPercent / 100 || undefined,
    escalateAt: escalateAtPercent / 100 || undefined,
    escalateTo,
  };
}

function approvalsTable(scope: Construct): Table {
  const table = new Table(scope, 'Table', {
    partitionKey: { name: 'execution', type: AttributeType.STRING },
    sortKey: { name: 'id', type: AttributeType.STRING },
    // Of endings only: approvals are kept.
    timeToLiveAttribute: 'expiresAt',
    billingMode: BillingMode.PAY_PER_REQUEST,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    removalPolicy: RemovalPolicy.RETAIN,
  });
  table.addGlobalSecondaryIndex({
    indexName: OPEN_INDEX,
    partitionKey: { name: OPEN_INDEX, type: AttributeType.STRING },
    sortKey: { name: 'deadline', type: AttributeType.STRING },
    // Not the task token.
    projectionType: ProjectionType.KEYS_ONLY,
  });
  table.addGlobalSecondaryIndex({
    indexName: NEXT_CHECK_INDEX,
    partitionKey: { name: OPEN_INDEX, type: AttributeType.STRING },
    sortKey: { name: 'nextCheckAt', type: AttributeType.STRING },
    projectionType: ProjectionType.KEYS_ONLY,
  });
  table.addGlobalSecondaryIndex({
    indexName: DECIDED_INDEX,
    partitionKey: { name: 'decidedIn', type: AttributeType.STRING },
    sortKey: { name: 'decidedAt', type: AttributeType.STRING },
    projectionType: ProjectionType.KEYS_ONLY,
  });
  return table;
}

/** No function may update or delete what is in it. */
function auditTable(scope: Construct): Table {
  return new Table(scope, 'Audit', {
    partitionKey: { name: 'month', type: AttributeType.STRING },
    sortKey: { name: 'id', type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: true,
    removalPolicy: RemovalPolicy.RETAIN,
  });
}

/** Made empty: its value is put by hand after the deployment, so that it never stands in a template. */
function slackSecret(scope: Construct, secretName: string): Secret {
  return new Secret(scope, 'SlackSecret', {
    secretName,
    description: 'JSON: {"botToken":"xoxb-…","signingSecret":"…"} of the Slack app',
    secretStringValue: SecretValue.unsafePlainText('{}'),
  });
}

function executionsOf(scope: Construct, name: string): string {
  return Arn.format(
    {
      service: 'states',
      resource: 'execution',
      resourceName: `${name}:*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    },
    Stack.of(scope),
  );
}
