// The stack: approvals in Slack, and the trading workflow that requests them. The CDK app creates one.
import { fileURLToPath } from 'node:url';
import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Alarms, SlackApprovals } from 'countersign';
import { applyAccountSettings } from '../account-settings.ts';
import { bundled } from '../bundle.ts';
import type { Settings } from './settings.ts';
import { TradingWorkflow } from './trading-workflow.ts';

const BOT = fileURLToPath(new URL('../../bot/trading/trading-bot.lambda.ts', import.meta.url));

export class CountersignStack extends Stack {
  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id, {
      description: `Countersign (${settings.stage}): approvals in Slack for Step Functions`,
    });
    const approvals = new SlackApprovals(this, 'SlackApprovals', {
      ...settings,
      command: '/trade',
      botCode: bundled(BOT),
    });
    const workflow = new TradingWorkflow(this, 'TradingWorkflow', { ...settings, approvals });
    const { stateMachine, ledger } = workflow;
    const alarms = new Alarms(this, 'Alarms', settings.stage);
    workflow.addAlarms(alarms);
    // `SlackApprovals` applies the settings to itself.
    for (const part of [workflow, alarms]) applyAccountSettings(part, settings);

    new CfnOutput(this, 'AlarmsTopic', { value: alarms.topic.topicArn, description: 'Subscribe to this' });
    new CfnOutput(this, 'LedgerTable', {
      value: ledger.tableName,
      description: "The paper broker's account and orders",
    });
    new CfnOutput(this, 'Symbols', { value: settings.symbols.join(','), description: 'What may be traded' });
    new CfnOutput(this, 'StateMachineArn', {
      value: stateMachine.stateMachineArn,
      description: 'Start executions of this',
    });
  }
}
