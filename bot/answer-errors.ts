// Where an error of any listener ends: logged once with a reference, and the person told the reference, privately.
// The app runs it around every listener.
import { randomUUID } from 'node:crypto';
import type { AnyMiddlewareArgs, Middleware } from '@slack/bolt';
import { errorFields, type Log } from '../aws/log.ts';
import { somethingWentWrong } from './views/something-went-wrong.ts';

export function answerErrors(log: Log): Middleware<AnyMiddlewareArgs> {
  return async (request) => {
    try {
      await request.next();
    } catch (error) {
      const reference = randomUUID().slice(0, 8);
      log('request_failed', { reference, ...errorFields(error) });
      if (!('respond' in request && request.respond)) throw error;
      await request.respond({
        response_type: 'ephemeral',
        replace_original: false,
        text: somethingWentWrong(reference),
      });
      if ('ack' in request && request.ack) await request.ack();
    }
  };
}
