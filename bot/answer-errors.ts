// Handles the errors of all listeners: logs each error once with a reference, and sends the reference to the person
// privately. The app runs it around every listener.
import { randomUUID } from 'node:crypto';
import type { AnyMiddlewareArgs, Middleware, SlackViewMiddlewareArgs, ViewSubmitAction } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import type { Log } from '../aws/log.ts';
import { answer } from './private-answer.ts';
import { failureFields } from '../slack/slack-errors.ts';
import { responseUrlIn } from '../slack/views/submitted-view.ts';
import { MessageNotSynced } from './decide.ts';
import { OrganizationWide } from './refuse-organizations.ts';
import { messageNotSynced, somethingWentWrong } from '../slack/views/something-went-wrong.ts';

export function answerErrors(log: Log): Middleware<AnyMiddlewareArgs> {
  return async (request) => {
    try {
      await request.next();
    } catch (error) {
      const reference = randomUUID().slice(0, 8);
      log('request_failed', { reference, ...failureFields(causeOf(error)) });
      await notifyPerson(request, textFor(error, reference), error);
    }
  };
}

function textFor(error: unknown, reference: string): string {
  if (error instanceof OrganizationWide) return error.message;
  return error instanceof MessageNotSynced ? messageNotSynced(reference) : somethingWentWrong(reference);
}

/** The error to log. For {@link MessageNotSynced} it is the cause, which says what failed. */
function causeOf(error: unknown): unknown {
  return error instanceof MessageNotSynced ? error.cause : error;
}

/** Throws the error again if the payload has neither a response URL nor a user. */
async function notifyPerson(
  request: AnyMiddlewareArgs & { readonly client: WebClient },
  text: string,
  error: unknown,
): Promise<void> {
  if (isSubmission(request)) return notifySubmitter(request, text);
  const { body } = request;
  const responseUrl =
    'response_url' in body && typeof body.response_url === 'string' ? body.response_url : undefined;
  const by = personIn(body);
  if (!responseUrl && !by) throw error;
  await answer({ by: by ?? '', responseUrl }, text, request.client);
  if ('ack' in request && request.ack) await request.ack();
}

/** Slack user id of the person who pressed a button. Undefined for commands and events. */
function personIn(body: AnyMiddlewareArgs['body']): string | undefined {
  return 'user' in body && typeof body.user === 'object' ? body.user?.id : undefined;
}

/**
 * Shows the text in the modal, and also sends the text privately. The modal is already closed if the listener called
 * `ack` before it failed.
 */
async function notifySubmitter(
  request: SlackViewMiddlewareArgs<ViewSubmitAction> & { readonly client: WebClient },
  text: string,
): Promise<void> {
  await request.ack({ response_action: 'errors', errors: atFirstField(request, text) });
  const by = request.body.user.id;
  await answer({ by, responseUrl: responseUrlIn(request.view) }, text, request.client);
}

/** Makes the text the error of the first input block, so that Slack keeps the modal open with the typed values. */
function atFirstField(
  { view }: SlackViewMiddlewareArgs<ViewSubmitAction>,
  text: string,
): Record<string, string> {
  const field = view.blocks.find(({ type }) => type === 'input');
  return { [field?.block_id ?? '']: text };
}

function isSubmission(request: AnyMiddlewareArgs): request is SlackViewMiddlewareArgs<ViewSubmitAction> {
  return 'view' in request && request.body.type === 'view_submission';
}
