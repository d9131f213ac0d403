// Publishes the app's Home each time a person opens it. If Slack refuses it for this person, the event is done all the
// same, because Slack would otherwise send the event again.
import type { Middleware, SlackEventMiddlewareArgs } from '@slack/bolt';
import { errorFields, type Log } from '../../aws/log.ts';
import { isUnreachable } from '../../slack/slack-errors.ts';
import { type HomeDependencies, publishHome } from '../publish-home.ts';

export function homeOpened(
  dependencies: HomeDependencies & { readonly log: Log },
): Middleware<SlackEventMiddlewareArgs<'app_home_opened'>> {
  return async ({ event, client }) => {
    if (event.tab !== 'home') return;
    try {
      await publishHome(event.user, client, dependencies);
    } catch (error) {
      if (!isUnreachable(error)) throw error;
      dependencies.log('home_not_published', { person: event.user, ...errorFields(error) });
    }
  };
}
