// Replaces `@slack/bolt` with the two exports that the bot uses, because the package's index also loads four receivers
// that the bot does not use. `bundle.ts` redirects the import to this file.
import app from '../../node_modules/@slack/bolt/dist/App.js';

export { isValidSlackRequest } from '../../node_modules/@slack/bolt/dist/receivers/verify-request.js';

export const App = app.default;
