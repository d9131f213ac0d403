// The trading workflow: the state machine of `workflow.asl.json`, the functions that its states invoke, the functions that
// end the orders of ended executions, and the paper broker's ledger. `CountersignStack` creates one.
import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Alarms, SlackApprovals } from 'countersign';
import { BundledFunction } from '../bundled-function.ts';
import { EndedExecutions } from './ended-executions.ts';
import { setVariable } from './set-variable.ts';
import type { Settings } from './settings.ts';
import { workflowDefinition } from './workflow-definition.ts';

type TradingWorkflowProps = Settings & { readonly approvals: SlackApprovals };

export class TradingWorkflow extends Construct {
  readonly stateMachine: StateMachine;
  readonly ledger: Table;
  private readonly ended: EndedExecutions;

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
    const buyStock = this.orderFunction('BuyStock', 'functions/trading/buy-stock.lambda.ts', props);
    const sellStock = this.orderFunction('SellStock', 'functions/trading/sell-stock.lambda.ts', props);
    for (const each of [buyStock, sellStock]) setVariable(each, 'TRADE_LIMITS', tradeLimits(props));
    const checkOrder = this.orderFunction('CheckOrder', 'functions/trading/check-order.lambda.ts', props);
    const cancelOrder = this.orderFunction('CancelOrder', 'functions/trading/cancel-order.lambda.ts', props);
    // They publish the progress of an order.
    for (const { role } of [buyStock, sellStock, checkOrder]) if (role) approvals.grantPublish(role);

    const stateMachineName = `countersign-${props.stage}-trading`;
    this.stateMachine = new StateMachine(this, 'StateMachine', {
      stateMachineName,
      definitionBody: DefinitionBody.fromString(
        workflowDefinition(approvals.policies.timeout('default').toSeconds(), props.workSeconds),
      ),
      definitionSubstitutions: {
        Partition: Stack.of(this).partition,
        CheckStockPriceArn: checkStockPrice.functionArn,
        GenerateRecommendationArn: generateRecommendation.functionArn,
        PreTradeCheckArn: preTradeCheck.functionArn,
        RequestQueueUrl: approvals.requests.queue.queueUrl,
        BuyStockArn: buyStock.functionArn,
        SellStockArn: sellStock.functionArn,
        CheckOrderArn: checkOrder.functionArn,
        CancelOrderArn: cancelOrder.functionArn,
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
      checkOrder.functionArn,
      cancelOrder.functionArn,
    );
    this.allow(['sqs:SendMessage'], approvals.requests.queue.queueArn);
    this.allow(['sns:Publish'], approvals.results.topicArn);

    const { ledger } = this;
    this.ended = new EndedExecutions(this, 'EndedExecutions', { approvals, ledger, stateMachineName });
    approvals.addStateMachine(this.stateMachine, { onFailure: this.ended.queue });
    setVariable(approvals.bot, 'STATE_MACHINE_ARN', this.stateMachine.stateMachineArn);
    setVariable(approvals.bot, 'CHANNEL', props.policies.default.channel);
    setVariable(approvals.bot, 'LEDGER_TABLE', this.ledger.tableName);
    for (const action of ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'])
      this.ledger.grant(approvals.bot, action);
    setVariable(approvals.bot, 'SYMBOLS', symbols);
    setVariable(approvals.bot, 'DEFAULT_QUANTITY', String(props.defaultQuantity));
  }

  addAlarms(alarms: Alarms): void {
    this.ended.addAlarms(alarms);
  }

  private allow(actions: readonly string[], ...resources: readonly string[]): void {
    this.stateMachine.addToRolePolicy(
      new PolicyStatement({ actions: [...actions], resources: [...resources] }),
    );
  }

  private stateFunction(id: string, entry: string): BundledFunction {
    return new BundledFunction(this, id, { entry, timeoutSeconds: 20, isState: true });
  }

  /** A function that works orders at the broker. */
  private orderFunction(id: string, entry: string, props: TradingWorkflowProps): BundledFunction {
    const { approvals } = props;
    const orderFunction = this.stateFunction(id, entry);
    orderFunction.setVariable('APPROVALS_TABLE', approvals.approvalsTable.tableName);
    orderFunction.setVariable('RESULTS_TOPIC_ARN', approvals.results.topicArn);
    setVariable(orderFunction, 'PRICE_BAND_PERCENT', String(props.priceBandPercent));
    orderFunction.allow(['dynamodb:GetItem'], approvals.approvalsTable.tableArn);
    this.readLedger(orderFunction);
    orderFunction.allow(['dynamodb:PutItem', 'dynamodb:UpdateItem'], this.ledger.tableArn);
    return orderFunction;
  }

  private readLedger(reader: BundledFunction): void {
    setVariable(reader, 'LEDGER_TABLE', this.ledger.tableName);
    reader.allow(['dynamodb:GetItem'], this.ledger.tableArn);
  }
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
