// The Lambda entry of the bot, behind the Function URL that Slack calls. A workflow with its own listeners uses its own
// entry instead.
import { dependencies, handler } from './dependencies.ts';
import { createApp } from './app.ts';

createApp(dependencies);

export { handler };
