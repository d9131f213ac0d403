// The submission of the `/trade` form: starts an execution, or shows an error at the field. The name of the execution
// is made from the view id, so a form that is submitted twice starts one execution.
import type { ModalListener } from 'countersign/bot';
import { readTradeForm } from '../../../slack/trading/views/trade-form.ts';
import { tradeStarted } from '../../../slack/trading/views/trade-answers.ts';
import type { TradeDependencies } from './trade-command.ts';

export function tradeFormSubmission(dependencies: TradeDependencies): ModalListener {
  const { stateMachineArn, rules, channel, startExecution, answer } = dependencies;
  return async ({ view, body, ack, client }) => {
    const form = readTradeForm(view, rules);
    if ('errors' in form) return ack({ response_action: 'errors', errors: form.errors });
    const { ticket, responseUrl } = form;
    const by = body.user.id;
    const start = { stateMachineArn, name: ticket.symbol, trigger: view.id, input: ticket, by };
    const { refused } = await startExecution(start, client);
    await ack();
    return answer({ by, responseUrl }, refused ?? tradeStarted(ticket, channel), client);
  };
}
