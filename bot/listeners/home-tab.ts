// Publishes the app's Home each time a person opens it.
import type { Middleware, SlackEventMiddlewareArgs } from '@slack/bolt';
import { type HomeDependencies, publishHome } from '../publish-home.ts';

export function homeOpened(
  dependencies: HomeDependencies,
): Middleware<SlackEventMiddlewareArgs<'app_home_opened'>> {
  return async ({ event, client }) => {
    if (event.tab === 'home') await publishHome(event.user, client, dependencies);
  };
}
