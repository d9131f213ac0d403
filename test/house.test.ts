// The house keeps its walls: which part may import which, read from the sources.
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, it } from 'vitest';

const files = globSync('{domain,aws,bot,functions,operator,stack,local,faults,bench}/**/*.ts').filter(
  (file) => !file.endsWith('.d.ts'),
);

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
  operator: ['operator/', 'aws/', 'domain/', 'bot/views/', '@aws-sdk/client-dynamodb', 'node:util'],
  stack: [
    'stack/',
    'aws/environment.ts',
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
  const views = files.filter((file) => file.startsWith('bot/views/'));
  const reached = views
    .flatMap(importsOf)
    .filter((path) => !/^(bot\/views\/|domain\/|@slack\/types$|csv-stringify\/sync$)/.test(path));
  expect(reached).toEqual([]);
});

it('approvals know nothing of trades', () => {
  const general = [
    'domain/approval.ts',
    'domain/request.ts',
    'aws/approvals-table.ts',
    'bot/thread.ts',
    'bot/views/approval-message.ts',
  ];
  for (const file of [
    ...general,
    'stack/slack-approvals.ts',
    'bot/decide.ts',
    'bot/listeners/vote-buttons.ts',
    'bot/listeners/decline-modal.ts',
    'bot/listeners/ask-again-button.ts',
  ]) {
    expect(importsOf(file).filter((path) => path.includes('trad'))).toEqual([]);
  }
});

function importsOf(file: string): string[] {
  const source = readFileSync(file, 'utf8');
  return [...source.matchAll(/(?:^|\n)(?:import|export)\s[^;]*?from '([^']+)'/g)].map(([, path = '']) =>
    path.startsWith('.') ? normalize(join(dirname(file), path)) : path,
  );
}
