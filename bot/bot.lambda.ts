// The Lambda entry of the bot, behind the Function URL that Slack calls. A workflow with its own listeners has its own
// entry, built from the same parts.
import { dependencies, handler } from './dependencies.ts';
import { createApp } from './app.ts';

createApp(dependencies);

export { handler };
