// The bot's Lambda entry, behind the Function URL that Slack sends to: approvals, and nothing of what is approved. A
// workflow that has something of its own in Slack has an entry of its own, which makes its app of the same parts.
import { dependencies, handler } from './dependencies.ts';
import { createApp } from './app.ts';

createApp(dependencies);

export { handler };
