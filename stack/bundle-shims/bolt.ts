// Replaces `@slack/bolt` with the one export that the bot uses, because the package's index also loads receivers that
// the bot does not use. `bundle.ts` redirects the import to this file.
import app from '../../node_modules/@slack/bolt/dist/App.js';

export const App = app.default;
