// The exports of `countersign/bot`: what the bot of a workflow is made of. `package/build.ts` declares its types, and it
// reads the environment variables of the bot when it is imported.
import { dependencies as all, handler as handle } from './dependencies.ts';
import { type PublicBot, publicBot } from './public-bot.ts';

export type { ButtonListener, CommandListener, ModalListener } from './listeners/listener.ts';
export type { CancelledBy, Pressed } from './pressed-by.ts';
export type { BotDependencies, PublicBot, Start } from './public-bot.ts';
export { type Command, commandHelp } from '../slack/views/command.ts';

const bot = publicBot(all);
let hasApp = false;

/** What {@link createApp} takes. Replace what is different in your bot. */
export const dependencies: PublicBot['dependencies'] = bot.dependencies;

export const createApp: PublicBot['createApp'] = (own) => {
  hasApp = true;
  return bot.createApp(own);
};

export const startExecution: PublicBot['startExecution'] = bot.startExecution;

export const pressedOn: PublicBot['pressedOn'] = bot.pressedOn;

export const isInChannel: PublicBot['isInChannel'] = bot.isInChannel;

export const answer: PublicBot['answer'] = bot.answer;

/** The handler for Lambda. Export it from your entry. If your entry creates no app, it is the bot of approvals alone. */
export const handler: (...event: never[]) => unknown = handle;

// After the entry is evaluated, and before Lambda delivers the first event.
setImmediate(() => {
  if (!hasApp) createApp(dependencies);
});
