// The command `/trade buy AMZN 10` starts an execution, and `/trade` alone opens the form. Answers are private. The name of
// the execution is made from the trigger id, so a command that Slack delivers twice starts one execution.
import type { Command, CommandListener, PublicBot } from 'countersign/bot';
import { readTicket, type TradeRules } from '../../../domain/trading/ticket.ts';
import { tradeHelp, tradeRefused, tradeStarted } from '../../../slack/trading/views/trade-answers.ts';
import { positionsCommand, type PositionsDependencies } from './positions-command.ts';
import { tradeForm } from '../../../slack/trading/views/trade-form.ts';

export interface TradeDependencies extends Pick<PublicBot, 'startExecution'>, PositionsDependencies {
  readonly command: Command;
  /** ARN of the state machine that `/trade` starts. */
  readonly stateMachineArn: string;
  readonly rules: TradeRules;
}

export function tradeCommand(dependencies: TradeDependencies): CommandListener {
  const positions = positionsCommand(dependencies);
  const { command: commandInfo, stateMachineArn, rules, channel, startExecution } = dependencies;
  return async (request) => {
    const { command, ack, client } = request;
    const text = command.text.trim();
    if (text === '') {
      await client.views.open({
        trigger_id: command.trigger_id,
        view: tradeForm(rules, command.response_url),
      });
      return ack();
    }
    if (text.toLowerCase() === 'positions') return positions(request);
    if (text.toLowerCase() === 'help') return ack(tradeHelp(rules, commandInfo));
    const ticket = readTicket(text, rules);
    if ('refused' in ticket) return ack(tradeRefused(ticket, text, rules, commandInfo));
    const { trigger_id: trigger, user_id: by } = command;
    const start = { stateMachineArn, name: ticket.symbol, trigger, input: ticket, by };
    const { refused } = await startExecution(start, client);
    await ack(refused ?? tradeStarted(ticket, channel));
  };
}
