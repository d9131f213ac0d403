// In the place of `@slack/bolt`: what the bot uses of it. The package's index evaluates four receivers of its own beside
// it. `bundling.ts` puts it there.
import app from '../../node_modules/@slack/bolt/dist/App.js';

export { isValidSlackRequest } from '../../node_modules/@slack/bolt/dist/receivers/verify-request.js';

export const App = app.default;
