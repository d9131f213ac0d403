// The house keeps its walls: which part may import which, read from the sources.
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, it } from 'vitest';

const files = globSync(
  '{domain,aws,bot,functions,operator,stack,local,faults,bench,examples}/**/*.ts',
).filter((file) => !file.endsWith('.d.ts'));

/** What each part may import: folders, files, and packages by their beginning. `node:` is said where it is allowed. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  domain: ['domain/', 'node:crypto'],
  aws: ['aws/', 'domain/', '@aws-sdk/', 'node:timers/promises', 'node:https', 'node:net', 'node:tls'],
  bot: [
    'bot/',
    'domain/',
    'aws/',
    '@slack/',
    '@aws-sdk/client-',
    'aws-lambda',
    'csv-stringify/sync',
    'node:crypto',
    'node:timers/promises',
    // Not `node:http`, nor `fetch`: either loads all of undici.
    'node:https',
  ],
  functions: [
    'functions/',
    'domain/',
    'aws/',
    'bot/views/',
    'bot/thread.ts',
    'bot/find-posted.ts',
    'bot/slack-fetch.ts',
    'bot/slack-refusal.ts',
    'bot/members.ts',
    '@slack/web-api',
    '@aws-sdk/client-',
    '@smithy/core/retry',
    'valibot',
    'aws-lambda',
    'node:util',
  ],
  operator: [
    'operator/',
    'aws/',
    'domain/',
    'bot/views/',
    'stack/trading-settings.ts',
    'local/env-settings.ts',
    'local/workspace/check-workspace.ts',
    'local/workspace/tokens.ts',
    'constructs',
    '@aws-sdk/client-',
    '@slack/web-api',
    'yaml',
    'node:',
  ],
  stack: [
    'stack/',
    'aws/environment.ts',
    'aws/trading/environment.ts',
    'aws-cdk-lib',
    'constructs',
    'esbuild',
    'node_modules/@slack/bolt/',
    'node:',
  ],
  // The variants it is held against call Slack and AWS as an app would.
  bench: [
    'bench/',
    'bot/views/',
    'domain/',
    'local/synthesise.ts',
    'local/world.ts',
    '@slack/bolt',
    '@aws-sdk/',
    'esbuild',
    'node:',
  ],
  local: ['local/', '@aws-sdk/', '@slack/socket-mode', 'asl-validator', 'dynalite', 'yaml', 'node:'],
  examples: [
    'examples/',
    'stack/',
    'local/',
    'domain/approval.ts',
    'domain/request.ts',
    'aws-cdk-lib',
    '@aws-sdk/client-sfn',
    'node:',
  ],
  // It compares what people see with what the record says they should.
  faults: [
    'faults/',
    'local/',
    'domain/approval.ts',
    'bot/views/approval-message.ts',
    '@aws-sdk/',
    'esbuild',
    'node:',
  ],
};

it.each(files)('%s imports only what its part may', (file) => {
  const part = file.split('/')[0] ?? '';
  const forbidden = importsOf(file).filter((path) => !allowed[part]?.some((start) => path.startsWith(start)));
  expect(forbidden).toEqual([]);
});

it("views are pure: they know the domain and Slack's types, nothing that acts", () => {
  const views = files.filter((file) => /^bot\/(trading\/)?views\//.test(file));
  const reached = views
    .flatMap(importsOf)
    .filter((path) => !/^(bot\/(trading\/)?views\/|domain\/|@slack\/types$|csv-stringify\/sync$)/.test(path));
  expect(reached).toEqual([]);
});

/** The trading workflow: its folders, its files of the stack, and the app that puts it together with the approvals. */
const trading = /(^|\/)trading[/-]|^stack\/(app|countersign-stack)\.ts$/;

/** Where approvals are: what is here knows nothing of what is approved. */
const general = files.filter(
  (file) => /^(bot|functions|domain|aws|stack|examples)\//.test(file) && !trading.test(file),
);

it.each(general)('%s imports nothing of trades', (file) => {
  expect(importsOf(file).filter((path) => trading.test(path))).toEqual([]);
});

/** A request may be about anything: these words are about one thing. Of names in the code each part counts. */
const TRADE =
  /^(trad(e[srd]?|ing)|buy(s|ing)?|bought|sells?|selling|sold|orders?|ordered|fill(s|ed)?|symbols?|quotes?|brokers?|shares?|stocks?|prices?|priced|notional|ledger|amzn|nvda)$/i;

/** Where such a word means something else, and what. */
const OTHERWISE: readonly { readonly words: RegExp; readonly meaning: string }[] = [
  { words: /\b([Ii]n|[Tt]his|that|the|which) order\b/g, meaning: 'one after the other' },
  { words: /\bfill the user group\b/g, meaning: 'have people enough in it' },
  { words: /\binOrder\b/g, meaning: 'one after the other' },
];

it.each(general)('%s names no trade', (file) => {
  const source = OTHERWISE.reduce(
    (text, { words }) => text.replaceAll(words, ''),
    readFileSync(file, 'utf8'),
  );
  const words = source.split(/[^A-Za-z]+|(?<=[a-z])(?=[A-Z])/);
  expect(words.filter((word) => TRADE.test(word))).toEqual([]);
});

it.each(OTHERWISE)('$words means $meaning somewhere', ({ words }) => {
  expect(general.some((file) => words.test(readFileSync(file, 'utf8')))).toBe(true);
});

function importsOf(file: string): string[] {
  const source = readFileSync(file, 'utf8');
  return [...source.matchAll(/(?:^|\n)(?:import|export)\s[^;]*?from '([^']+)'/g)].map(([, path = '']) =>
    path.startsWith('.') ? normalize(join(dirname(file), path)) : path,
  );
}
