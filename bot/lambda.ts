// The bot's Lambda entry, behind the Function URL that Slack sends to: approvals, and nothing of what is approved. A
// workflow that starts its executions from Slack has an entry of its own, such as `trading/lambda.ts`.
import { deployed, handler } from './deployed.ts';
import { createApp } from './app.ts';

createApp(deployed);

export { handler };
