// The Lambda entry of the bot, behind the Function URL that Slack calls. It is also the file of `countersign/bot` in the
// package, which would be larger with two. A workflow with its own listeners uses its own entry instead.
export * from './index.ts';
