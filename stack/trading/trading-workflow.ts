// The trading workflow: the state machine of `workflow.asl.json`, the functions that its states invoke, and the paper
// broker's ledger. `CountersignStack` creates one.
import { readFileSync } from 'node:fs';
import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function } from 'aws-cdk-lib/aws-lambda';
import { FilterPattern, LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Alarms, SlackApprovals } from 'countersign';
import { BundledFunction } from '../bundled-function.ts';
import type { TradingVariable } from '../../aws/names/trading/variables.ts';
import type { Settings } from './settings.ts';

type TradingWorkflowProps = Settings & { readonly approvals: SlackApprovals };

/** Time for all states except the approval. Each of these states has a timeout of 30 seconds and is retried. */
const PROCESSING_SECONDS = 900;

export class TradingWorkflow extends Construct {
  readonly stateMachine: StateMachine;
  readonly ledger: Table;
  /** The functions that place orders. */
  private readonly tradeFunctions: readonly BundledFunction[];

  constructor(scope: Construct, id: string, props: TradingWorkflowProps) {
    super(scope, id);
    const { approvals } = props;
    this.ledger = ledgerTable(this);
    const symbols = props.symbols.join(',');
    const checkStockPrice = this.stateFunction(
      'CheckStockPrice',
      'functions/trading/check-stock-price.lambda.ts',
    );
    setVariable(checkStockPrice, 'SYMBOLS', symbols);
    this.readLedger(checkStockPrice);
    const generateRecommendation = this.stateFunction(
      'GenerateRecommendation',
      'functions/trading/generate-recommendation.lambda.ts',
    );
    setVariable(generateRecommendation, 'DEFAULT_QUANTITY', String(props.defaultQuantity));
    setVariable(generateRecommendation, 'PRICE_BAND_PERCENT', String(props.priceBandPercent));
    const preTradeCheck = this.stateFunction('PreTradeCheck', 'functions/trading/pre-trade-check.lambda.ts');
    setVariable(preTradeCheck, 'TRADE_LIMITS', tradeLimits(props));
    this.readLedger(preTradeCheck);
    preTradeCheck.allow(['dynamodb:UpdateItem'], this.ledger.tableArn);
    const buyStock = this.tradeFunction('BuyStock', 'functions/trading/buy-stock.lambda.ts', props);
    const sellStock = this.tradeFunction('SellStock', 'functions/trading/sell-stock.lambda.ts', props);

    this.tradeFunctions = [buyStock, sellStock];

    const stateMachineName = `countersign-${props.stage}-trading`;
    this.stateMachine = new StateMachine(this, 'StateMachine', {
      stateMachineName,
      definitionBody: DefinitionBody.fromString(
        definition(approvals.policies.timeout('default').toSeconds()),
      ),
      definitionSubstitutions: {
        Partition: Stack.of(this).partition,
        CheckStockPriceArn: checkStockPrice.functionArn,
        GenerateRecommendationArn: generateRecommendation.functionArn,
        PreTradeCheckArn: preTradeCheck.functionArn,
        RequestQueueUrl: approvals.requests.queue.queueUrl,
        BuyStockArn: buyStock.functionArn,
        SellStockArn: sellStock.functionArn,
        ResultsTopicArn: approvals.results.topicArn,
      },
      logs: {
        destination: new LogGroup(this, 'StateMachineLog', {
          // Step Functions adds every other log group to one resource policy of the account, which has at most 5,120
          // characters: https://docs.aws.amazon.com/step-functions/latest/dg/bp-cwl.html
          logGroupName: `/aws/vendedlogs/states/${stateMachineName}`,
          retention: RetentionDays.THREE_MONTHS,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
        level: LogLevel.ALL,
        // Execution data contains the task token, which must not be logged.
        includeExecutionData: false,
      },
    });
    this.allow(
      ['lambda:InvokeFunction'],
      checkStockPrice.functionArn,
      generateRecommendation.functionArn,
      preTradeCheck.functionArn,
      buyStock.functionArn,
      sellStock.functionArn,
    );
    this.allow(['sqs:SendMessage'], approvals.requests.queue.queueArn);
    this.allow(['sns:Publish'], approvals.results.topicArn);

    approvals.addStateMachine(this.stateMachine);
    setVariable(approvals.bot, 'STATE_MACHINE_ARN', this.stateMachine.stateMachineArn);
    setVariable(approvals.bot, 'CHANNEL', props.policies.default.channel);
    setVariable(approvals.bot, 'SYMBOLS', symbols);
    setVariable(approvals.bot, 'DEFAULT_QUANTITY', String(props.defaultQuantity));
  }

  addAlarms(alarms: Alarms): void {
    const pattern = FilterPattern.stringValue('$.event', '=', 'ledger_nearly_full');
    alarms.addLogAlarm('ledger-nearly-full', { pattern }, ...this.tradeFunctions);
  }

  private allow(actions: readonly string[], ...resources: readonly string[]): void {
    this.stateMachine.addToRolePolicy(
      new PolicyStatement({ actions: [...actions], resources: [...resources] }),
    );
  }

  private stateFunction(id: string, entry: string): BundledFunction {
    return new BundledFunction(this, id, { entry, timeoutSeconds: 20, isState: true });
  }

  private tradeFunction(id: string, entry: string, props: TradingWorkflowProps): BundledFunction {
    const { approvalsTable } = props.approvals;
    const tradeFunction = this.stateFunction(id, entry);
    tradeFunction.setVariable('APPROVALS_TABLE', approvalsTable.tableName);
    setVariable(tradeFunction, 'TRADE_LIMITS', tradeLimits(props));
    setVariable(tradeFunction, 'PRICE_BAND_PERCENT', String(props.priceBandPercent));
    tradeFunction.allow(['dynamodb:GetItem'], approvalsTable.tableArn);
    this.readLedger(tradeFunction);
    tradeFunction.allow(['dynamodb:PutItem'], this.ledger.tableArn);
    return tradeFunction;
  }

  private readLedger(reader: BundledFunction): void {
    setVariable(reader, 'LEDGER_TABLE', this.ledger.tableName);
    reader.allow(['dynamodb:GetItem'], this.ledger.tableArn);
  }
}

/** Sets the timeouts in code, because a `${…}` placeholder in place of a JSON number would be invalid JSON. */
function definition(approvalTimeoutSeconds: number): string {
  const file = new URL('workflow.asl.json', import.meta.url);
  const workflow = JSON.parse(readFileSync(file, 'utf8'));
  workflow.TimeoutSeconds = approvalTimeoutSeconds + PROCESSING_SECONDS;
  const waiting = workflow.States['Request Human Approval'];
  waiting.TimeoutSeconds = approvalTimeoutSeconds;
  // The deadline that people see. The context object does not have the timeout of the state.
  waiting.Parameters.MessageBody.TimeoutSeconds = approvalTimeoutSeconds;
  return JSON.stringify(workflow, null, 2);
}

/** The `TradeLimits` of `domain/trading/`. Nobody may approve more than the last tier. */
function tradeLimits({ symbols, restricted, policies }: Settings): string {
  const maxAmount = Math.max(...policies.default.tiers.map(({ upToUsd }) => upToUsd));
  return JSON.stringify({ symbols, restricted, maxAmount });
}

function ledgerTable(scope: Construct): Table {
  return new Table(scope, 'Ledger', {
    partitionKey: { name: 'account', type: AttributeType.STRING },
    timeToLiveAttribute: 'expiresAt',
    billingMode: BillingMode.PAY_PER_REQUEST,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: true,
    removalPolicy: RemovalPolicy.RETAIN,
  });
}

function setVariable(target: Function, name: TradingVariable, value: string): void {
  target.addEnvironment(name, value);
}
