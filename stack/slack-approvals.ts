// Approvals in Slack for any state machine: storage, the bot, the request function, the results and the reconciler. A
// stack creates a `SlackApprovals` for each Slack app, and adds its state machines.
import { CfnOutput, Stack, Token, TokenComparison } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { Function } from 'aws-cdk-lib/aws-lambda';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { CfnParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct, type IConstruct } from 'constructs';
import { addressParameters, parameterPath } from '../aws/names/parameters.ts';
import { type AccountSettings, applyAccountSettings } from './account-settings.ts';
import { ApprovalStorage } from './approval-storage.ts';
import { ApprovalsOfStage, type FromStageOptions } from './approvals-of-stage.ts';
import { Bot } from './bot.ts';
import { InvalidSetting } from './invalid-setting.ts';
import { keyStatement } from './encrypt.ts';
import { checkStartedOutsideSlack, peopleRules } from './people-rules.ts';
import { Policies } from './policies.ts';
import { Reconciler } from './reconciler.ts';
import { RequestFunction } from './request-function.ts';
import { Results } from './results.ts';
import { slackSecret } from './slack-function.ts';
import { DEFAULTS, type SlackApprovalsProps } from './slack-approvals-props.ts';
import type { ISlackApprovals } from './slack-approvals-interface.ts';
import { type StateMachineOptions, StateMachines } from './state-machines.ts';

export class SlackApprovals extends Construct implements ISlackApprovals {
  /** Queue of requests. A state sends a message to it and waits. */
  readonly requests: ISlackApprovals['requests'];
  /** Receives at least one message per completed execution. */
  readonly results: Topic;
  /**
   * The records of approvals, for a state that reads its own record again before it acts. The key is `execution`, the
   * name of the execution, and `id`, which the state finds in `$.approval.id`. Only the package's functions may write to
   * it. A record contains a task token: do not log it.
   */
  readonly approvalsTable: Table;
  /** The function that answers Slack, for `addEnvironment` and permissions of your own listeners. */
  readonly bot: Function;
  readonly stage: string;
  readonly policies: ISlackApprovals['policies'];
  private readonly kmsKeyArn: AccountSettings['kmsKeyArn'];
  private readonly stateMachines: StateMachines;
  private readonly endings: Results;

  constructor(scope: Construct, id: string, { policies: given, ...props }: SlackApprovalsProps) {
    super(scope, id);
    const settings = { ...DEFAULTS, ...props };
    const { stage } = settings;
    this.stage = stage;
    this.checkStage();
    const path = parameterPath(stage);
    const policies = new Policies(this, 'Policies', path, given);
    this.policies = policies;
    checkStartedOutsideSlack(settings, policies.all());
    const stateMachines = new StateMachines(this, path, policies);
    this.stateMachines = stateMachines;
    const secretName = `countersign/${stage}/slack`;
    const storage = new ApprovalStorage(this, 'Storage', settings);
    this.approvalsTable = storage.approvals;
    const access = {
      secret: slackSecret(this, secretName),
      slackApiUrl: settings.slackApiUrl,
      storage,
    };
    const rules = peopleRules(settings, policies);
    const { botCode } = props;
    const bot = new Bot(this, 'Bot', { ...access, ...settings, botCode, policies, rules, stateMachines });
    this.bot = bot;
    const { startedOutsideSlack } = settings;
    const requestFunction = new RequestFunction(this, 'RequestApproval', {
      ...access,
      startedOutsideSlack,
      rules,
      stateMachines,
    });
    const results = new Results(this, { ...access, stage, stateMachines });
    const { channels } = policies;
    new Reconciler(this, 'Reconciler', { ...access, channels, rules, results, stateMachines });
    this.requests = requestFunction.requests;
    this.results = results.topic;
    this.endings = results;
    this.addOutputs({
      ApprovalsTable: [this.approvalsTable.tableName, 'The approvals'],
      AuditBucket: [storage.auditBucket.bucket.bucketName, 'Copies of what people did'],
      AuditTable: [storage.audit.tableName, 'What people did'],
      BotUrl: [bot.url, 'Request URL of the Slack app'],
      Channels: [channels.join(','), 'Slack channels where approvals are asked, separated by commas'],
      SecretName: [secretName, 'Put botToken and signingSecret here'],
    });
    this.addAddresses(path);
    this.kmsKeyArn = settings.kmsKeyArn;
    applyAccountSettings(this, settings);
  }

  /**
   * Accepts requests of this state machine, and reports its executions that fail, time out or are aborted. The state
   * machine may be imported, or in another stack if it has a name.
   */
  addStateMachine(stateMachine: IStateMachine, options: StateMachineOptions = {}): void {
    this.endings.addStateMachine(
      stateMachine,
      this.stateMachines.add(stateMachine, options),
      options.onFailure,
    );
    // It sends to the queue and publishes to the topic, which the key encrypts.
    if (this.kmsKeyArn) stateMachine.grantPrincipal.addToPrincipalPolicy(keyStatement(this.kmsKeyArn));
  }

  /**
   * Accepts requests of all state machines in the account and region whose names match, also of those that do not exist
   * yet, and reports their failures. Their roles need the tag `countersign:publishes` with the stage as its value.
   */
  addStateMachines({ match, ...options }: StateMachineOptions & { readonly match: string }): void {
    this.endings.addStateMachines(match, this.stateMachines.addMatching(match, options), options.onFailure);
  }

  /** Allows a role of a workflow to publish results, for example the role of a function that handles failures. */
  grantPublish(role: IRole): void {
    this.endings.grantPublish(role);
    if (this.kmsKeyArn) role.addToPrincipalPolicy(keyStatement(this.kmsKeyArn));
  }

  /** Returns the approvals of a stage that another app deploys in the same account and region. */
  static fromStage(
    scope: Construct,
    id: string,
    stage: string,
    options?: FromStageOptions,
  ): ApprovalsOfStage {
    return new ApprovalsOfStage(scope, id, stage, options);
  }

  /** Secrets, rules and alarms are named after the stage, and their names are unique in an account and region. */
  private checkStage(): void {
    if (!Token.isUnresolved(this.stage) && !/^[a-z][a-z0-9-]{0,19}$/.test(this.stage))
      throw new InvalidSetting(
        `${this.node.path}: stage must be a short name in lower case; it is ${JSON.stringify(this.stage)}. For example: stage: "prod".`,
      );
    const { account, region } = Stack.of(this);
    const isSame = (here: string, there: string) =>
      [TokenComparison.SAME, TokenComparison.BOTH_UNRESOLVED].includes(Token.compareStrings(here, there));
    for (const other of instancesIn(this.node.root)) {
      const at = Stack.of(other);
      if (other === this || other.stage !== this.stage) continue;
      if (!isSame(account, at.account) || !isSame(region, at.region)) continue;
      throw new InvalidSetting(
        `${this.node.path} and ${other.node.path} have the same stage "${this.stage}", so their secrets, rules and alarms would have the same names. Give one another stage, for example stage: '${this.stage}-2'.`,
      );
    }
  }

  /** Apps of state machines read the parameters: `ApprovalsOfStage`. */
  private addAddresses(path: string): void {
    const names = addressParameters(path);
    const addresses = {
      RequestQueueArn: [names.requestQueueArn, this.requests.queue.queueArn],
      RequestQueueUrl: [names.requestQueueUrl, this.requests.queue.queueUrl],
      ResultsTopicArn: [names.resultsTopicArn, this.results.topicArn],
    } as const;
    for (const [id, [name, value]] of Object.entries(addresses))
      new CfnParameter(this, id, { name, type: 'String', value });
  }

  /** Commands read the outputs by these names. In a stack with several instances, the first has them. */
  private addOutputs(outputs: Readonly<Record<string, readonly [value: string, description: string]>>): void {
    const [first] = instancesIn(Stack.of(this));
    for (const [name, [value, description]] of Object.entries(outputs)) {
      const output = new CfnOutput(this, name, { value, description });
      if (first === this) output.overrideLogicalId(name);
    }
  }
}

/** In the order of their creation. */
export function instancesIn(scope: IConstruct): readonly SlackApprovals[] {
  return scope.node.findAll().filter((each) => each instanceof SlackApprovals);
}
