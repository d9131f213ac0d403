// The command `/trade AMZN 10` starts an execution, and `/trade` alone opens the form. Answers are private. The name of
// the execution is made from the trigger id, so a command that Slack delivers twice starts one execution.
import type { Executions } from '../../../aws/executions.ts';
import type { Log } from '../../../aws/log.ts';
import { digest } from '../../../domain/digest.ts';
import { readTerms, type TradeRules } from '../../../domain/trading/trade-terms.ts';
import type { CommandListener } from '../../listeners/listener.ts';
import type { Command } from '../../../slack/views/command.ts';
import { tradeHelp, tradeRefused, tradeStarted } from '../../../slack/trading/views/trade-answers.ts';
import { tradeForm } from '../../../slack/trading/views/trade-form.ts';

export interface TradeDependencies {
  readonly command: Command;
  readonly executions: Pick<Executions, 'start'>;
  /** ARN of the state machine that `/trade` starts. */
  readonly stateMachineArn: string;
  readonly rules: TradeRules;
  /** Slack channel id for requests. */
  readonly channel: string;
  readonly log: Log;
}

export function tradeCommand(dependencies: TradeDependencies): CommandListener {
  const { command: commandInfo, executions, stateMachineArn, rules, channel, log } = dependencies;
  return async ({ command, ack, client }) => {
    const text = command.text.trim();
    if (text === '') {
      await client.views.open({
        trigger_id: command.trigger_id,
        view: tradeForm(rules, command.response_url),
      });
      return ack();
    }
    if (text === 'help') return ack(tradeHelp(rules, commandInfo));
    const terms = readTerms(text, rules);
    if ('refused' in terms) return ack(tradeRefused(terms.refused, rules, commandInfo));
    const name = `${terms.symbol}-${digest(command.trigger_id)}`;
    await executions.start(stateMachineArn, name, { ...terms, requestedBy: command.user_id });
    log('execution_started', { execution: name, by: command.user_id });
    await ack(tradeStarted(terms, channel));
  };
}
