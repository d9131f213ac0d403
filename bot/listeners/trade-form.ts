// The form of `/trade` is submitted: it starts an execution, or says at the field what is wrong with it. Submitted
// twice it starts one: the execution's name comes from the view.
import { digest } from '../../domain/digest.ts';
import { answer } from '../private-answer.ts';
import { readTradeForm } from '../views/trade-form.ts';
import { tradeStarted } from '../views/trade-answers.ts';
import type { Submission } from './decline-modal.ts';
import type { TradeDependencies } from './trade-command.ts';

export function tradeFormSubmission({ executions, rules, channel, log }: TradeDependencies): Submission {
  return async ({ view, body, ack, client }) => {
    const form = readTradeForm(view, rules);
    if ('errors' in form) return ack({ response_action: 'errors', errors: form.errors });
    const { terms, note, responseUrl } = form;
    const by = body.user.id;
    const name = `${terms.symbol}-${digest(view.id)}`;
    await executions.start(name, { ...terms, requestedBy: by, ...(note ? { note } : {}) });
    log('execution_started', { execution: name, by });
    await ack();
    return answer({ by, responseUrl }, tradeStarted(terms, channel), client);
  };
}
