// Approvals in Slack for any state machine: storage, the bot, the request function, the results and the reconciler. A
// stack creates a `SlackApprovals` for each Slack app, and adds its state machines.
import { CfnOutput, Duration, Stack, Token, TokenComparison } from 'aws-cdk-lib';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct, type IConstruct } from 'constructs';
import { type AccountSettings, applyAccountSettings } from './account-settings.ts';
import { ApprovalStorage } from './approval-storage.ts';
import { Bot, type BotProps } from './bot.ts';
import { InvalidSetting } from './invalid-setting.ts';
import { checkProps } from './check-props.ts';
import { keyStatement } from './encrypt.ts';
import { checkStartedOutsideSlack, peopleRules } from './people-rules.ts';
import { Reconciler } from './reconciler.ts';
import { RequestFunction } from './request-function.ts';
import { Results } from './results.ts';
import type { ApprovalSettings } from './settings.ts';
import { slackSecret } from './slack-function.ts';
import { StateMachines } from './state-machines.ts';
import type { WorkQueue } from './work-queue.ts';

type BotChoice = Pick<BotProps, 'command' | 'botEntry'>;
type Named = Pick<ApprovalSettings, 'stage' | 'channel' | 'approvers'>;
export type SlackApprovalsProps = Named & Partial<Omit<ApprovalSettings, keyof Named> & BotChoice>;

/** By default one approval is enough at any amount, and a request expires after 15 minutes. */
const DEFAULTS = {
  tiers: [{ upToUsd: 1e12, approvals: 1 }],
  confirmFromUsd: 10_000,
  remindAtPercent: 50,
  escalateAtPercent: 0,
  escalateTo: [],
  broadcast: ['done', 'failed'],
  approvalTimeoutSeconds: 900,
  guests: 'none',
  delegates: 'approvers',
  maxDelegationDays: 30,
  maxRequestsPerHour: 30,
  startedOutsideSlack: 'as-usual',
  auditRetentionMode: 'governance',
  auditRetentionDays: 2_557,
  auditLegalHold: 'off',
  invokeMode: 'RESPONSE_STREAM',
  botConcurrency: 0,
  slackApiUrl: 'https://slack.com/api/',
  kmsKeyArn: '',
  tags: {},
  tracing: 'off',
  command: '/approvals',
  botEntry: 'bot/bot.lambda.ts',
} as const;

export class SlackApprovals extends Construct {
  /**
   * Queue of requests. A state sends `{Input, TaskToken, ExecutionId, EnteredTime, TimeoutSeconds, RetryCount}` to it
   * and waits.
   */
  readonly requests: WorkQueue;
  /** Receives at least one message per completed execution. */
  readonly results: Topic;
  readonly storage: ApprovalStorage;
  readonly bot: Bot;
  readonly stage: string;
  /** How long a request waits for a decision. */
  readonly timeout: Duration;
  private readonly kmsKeyArn: AccountSettings['kmsKeyArn'];
  private readonly stateMachines: StateMachines;
  private readonly endings: Results;

  constructor(scope: Construct, id: string, given: SlackApprovalsProps) {
    super(scope, id);
    const settings: ApprovalSettings & BotChoice = { ...DEFAULTS, ...given };
    checkProps(this.node.path, settings);
    this.stage = settings.stage;
    this.checkStage();
    const stateMachines = new StateMachines(this);
    this.stateMachines = stateMachines;
    const secretName = `countersign/${settings.stage}/slack`;
    this.timeout = Duration.seconds(settings.approvalTimeoutSeconds);
    this.storage = new ApprovalStorage(this, 'Storage', settings);
    const access = {
      secret: slackSecret(this, secretName),
      slackApiUrl: settings.slackApiUrl,
      storage: this.storage,
    };
    const { approvers, tiers, invokeMode, command, botEntry, channel, broadcast } = settings;
    const rules = peopleRules(settings);
    const { maxRequestsPerHour, botConcurrency } = settings;
    const botProps = {
      approvers,
      tiers,
      rules,
      maxRequestsPerHour,
      botConcurrency,
      invokeMode,
      command,
      botEntry,
      stateMachines,
    };
    checkStartedOutsideSlack(settings);
    this.bot = new Bot(this, 'Bot', { ...access, ...botProps });
    const requestFunction = new RequestFunction(this, 'RequestApproval', {
      ...access,
      settings,
      stateMachines,
    });
    const { stage } = settings;
    const results = new Results(this, { ...access, stage, channel, broadcast, stateMachines });
    new Reconciler(this, 'Reconciler', {
      ...access,
      channel,
      rules,
      results,
      stateMachines,
    });
    this.requests = requestFunction.requests;
    this.results = results.topic;
    this.endings = results;
    this.addOutputs(channel, secretName);
    this.kmsKeyArn = settings.kmsKeyArn;
    applyAccountSettings(this, settings);
  }

  /**
   * Accepts requests of this state machine, and reports its executions that fail, time out or are aborted. The state
   * machine may be imported, or in another stack if it has a name.
   */
  addStateMachine(stateMachine: IStateMachine): void {
    this.endings.addStateMachine(stateMachine, this.stateMachines.add(stateMachine));
    // It sends to the queue and publishes to the topic, which the key encrypts.
    if (this.kmsKeyArn) stateMachine.grantPrincipal.addToPrincipalPolicy(keyStatement(this.kmsKeyArn));
  }

  /**
   * Accepts requests of all state machines in the account and region whose names match, also of those that do not exist
   * yet, and reports their failures. Their roles need the tag `countersign:publishes` with the stage as its value.
   */
  addStateMachines({ match }: { readonly match: string }): void {
    this.endings.addStateMachines(match, this.stateMachines.addMatching(match));
  }

  /** Secrets, rules and alarms are named after the stage, and their names are unique in an account and region. */
  private checkStage(): void {
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

  /** Commands read the outputs by these names. In a stack with several instances, the first has them. */
  private addOutputs(channel: string, secretName: string): void {
    const outputs = {
      ApprovalsTable: [this.storage.approvals.tableName, 'The approvals'],
      AuditBucket: [this.storage.auditBucket.bucket.bucketName, 'Copies of what people did'],
      AuditTable: [this.storage.audit.tableName, 'What people did'],
      BotUrl: [this.bot.url, 'Request URL of the Slack app'],
      Channels: [channel, 'Slack channels where approvals are asked, separated by commas'],
      SecretName: [secretName, 'Put botToken and signingSecret here'],
    } as const;
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
