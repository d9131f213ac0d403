// `/trade AMZN 10` starts an execution, a bare `/trade` opens the form; the person who typed it is answered privately.
// Slack may deliver it twice: the execution's name comes from the trigger, so the second start is the first.
import type { Middleware, SlackCommandMiddlewareArgs } from '@slack/bolt';
import type { DecisionDependencies } from '../decide.ts';
import { digest } from '../../domain/digest.ts';
import { readTerms, type TradeRules } from '../../domain/trading/trade-terms.ts';
import { type AuditDependencies, auditCommand } from './audit-command.ts';
import { cancelCommand, pendingCommand, statusCommand } from './status-command.ts';
import { tradeHelp, tradeRefused, tradeStarted } from '../views/trade-answers.ts';
import { tradeForm } from '../views/trade-form.ts';

export interface TradeDependencies extends AuditDependencies, DecisionDependencies {
  readonly rules: TradeRules;
  /** Slack channel id where the recommendation will be posted. */
  readonly channel: string;
}

export function tradeCommand(dependencies: TradeDependencies): Middleware<SlackCommandMiddlewareArgs> {
  const { executions, rules, channel, log } = dependencies;
  const others: Readonly<Record<string, Middleware<SlackCommandMiddlewareArgs>>> = {
    audit: auditCommand(dependencies),
    status: statusCommand(dependencies),
    pending: pendingCommand(dependencies),
    cancel: cancelCommand(dependencies),
  };
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
    if (text === 'help') return ack(tradeHelp(rules));
    const [word = ''] = text.split(/\s/);
    const about = Object.hasOwn(others, word) ? others[word] : undefined;
    if (about) return about(request);
    const terms = readTerms(text, rules);
    if ('refused' in terms) return ack(tradeRefused(terms.refused, rules));
    const name = `${terms.symbol}-${digest(command.trigger_id)}`;
    await executions.start(name, { ...terms, requestedBy: command.user_id });
    log('execution_started', { execution: name, by: command.user_id });
    await ack(tradeStarted(terms, channel));
  };
}
