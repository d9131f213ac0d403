// The architecture, read from the sources: which folder may import which, that no files import each other in a circle,
// and that the approvals know nothing of trades. Each rule holds for whole folders; none names a single file.
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';

const files = globSync(
  '{domain,aws,slack,bot,functions,cli,stack,local,fault-injection,bench,conformance,examples}/**/*.ts',
).filter((file) => !file.endsWith('.d.ts'));

/**
 * The prefixes of paths and packages that the files of each folder may import. A subfolder with its own entry does not
 * use its parent's. Functions list Node's modules one by one, because `node:http` and `fetch` slow a cold start.
 */
const allowed: Readonly<Record<string, readonly string[]>> = {
  'domain/': ['domain/', 'canonicalize', 'node:crypto'],
  'aws/names/': ['aws/names/'],
  'aws/': [
    'aws/',
    'domain/',
    '@aws-sdk/',
    'node:timers/promises',
    'node:https',
    'node:net',
    'node:tls',
    'node:util',
  ],
  'slack/': [
    'slack/',
    'aws/',
    'domain/',
    '@slack/web-api',
    '@slack/types',
    '@aws-sdk/client-secrets-manager',
    'node:https',
  ],
  // Views are pure: they know the domain and Slack's types, and nothing that acts.
  'slack/views/': ['slack/views/', 'domain/', '@slack/types'],
  'slack/trading/views/': ['slack/trading/views/', 'slack/views/', 'domain/', '@slack/types'],
  'bot/': [
    'bot/',
    'slack/',
    'aws/',
    'domain/',
    '@slack/',
    '@aws-sdk/client-',
    'aws-lambda',
    'node:crypto',
    'node:timers/promises',
  ],
  // A workflow uses the package's public names, as an app outside the repository does.
  'bot/trading/': [
    'bot/trading/',
    'countersign/bot',
    'slack/trading/',
    'aws/trading/',
    'domain/trading/',
    '@slack/bolt',
    '@slack/web-api',
    '@aws-sdk/client-dynamodb',
  ],
  'functions/': [
    'functions/',
    'slack/',
    'aws/',
    'domain/',
    '@slack/web-api',
    '@aws-sdk/client-',
    '@smithy/core/retry',
    'valibot',
    'aws-lambda',
    'node:util',
  ],
  'cli/': [
    'cli/',
    'slack/',
    'aws/',
    'domain/',
    'stack/',
    'constructs',
    '@aws-sdk/client-',
    '@slack/web-api',
    'yaml',
    'node:',
  ],
  'stack/': [
    'stack/',
    'aws/names/',
    // Types that the package exports.
    'domain/',
    'aws-cdk-lib',
    'constructs',
    'esbuild',
    'node_modules/@slack/bolt/',
    'node:',
  ],
  // Public names, and this repository's own helpers: they bundle functions and read settings, and are not in the package.
  'stack/trading/': [
    'stack/trading/',
    'countersign',
    'stack/bundle',
    'stack/work-queue.ts',
    'stack/log-alarms.ts',
    'stack/account-settings.ts',
    'stack/settings.ts',
    'stack/read-setting.ts',
    'stack/invalid-setting.ts',
    'aws/names/trading/',
    'aws-cdk-lib',
    'constructs',
    'node:',
  ],
  'local/': ['local/', 'cli/workspace/', '@aws-sdk/', '@slack/socket-mode', 'yaml', 'node:'],
  'local/cloud/': [
    'local/cloud/',
    'local/clock.ts',
    'local/persistence.ts',
    '@aws-sdk/',
    'asl-validator',
    'dynalite',
    'node:',
  ],
  'local/slack/': ['local/slack/', 'local/clock.ts', 'local/persistence.ts', 'valibot', 'yaml', 'node:'],
  'fault-injection/': [
    'fault-injection/',
    'local/',
    'domain/',
    'slack/views/',
    'aws/audit-copies.ts',
    'aws/completions-table.ts',
    '@aws-sdk/',
    'esbuild',
    'node:',
  ],
  'bench/': [
    'bench/',
    'fault-injection/tell-market.ts',
    'local/',
    'slack/views/',
    'domain/',
    'aws/preconnect.ts',
    'stack/bundle.ts',
    '@slack/bolt',
    '@aws-sdk/',
    'esbuild',
    'node:',
  ],
  'conformance/': [
    'conformance/',
    'cli/',
    'local/cloud/index.ts',
    'bench/prices.ts',
    'aws-cdk-lib',
    '@aws-sdk/',
    '@slack/web-api',
    'esbuild',
    'node:',
  ],
  // The cases are about AWS alone: they know nothing of the product.
  'conformance/cases/': ['conformance/', '@aws-sdk/'],
  'conformance/gallery/': ['conformance/gallery/', 'slack/', 'domain/', '@slack/types'],
  // An example uses the package's public names, as an app outside the repository does.
  'examples/': ['examples/', 'countersign', 'local/', 'aws-cdk-lib', '@aws-sdk/client-sfn', 'node:'],
};

describe('imports', () => {
  it.each(files)('%s imports only what its folder may', (file) => {
    const folder = Object.keys(allowed)
      .filter((each) => file.startsWith(each))
      .toSorted((one, other) => other.length - one.length)[0];
    const may = allowed[folder ?? ''] ?? [];
    const forbidden = importsOf(file).filter((path) => !may.some((start) => path.startsWith(start)));
    expect(forbidden).toEqual([]);
  });

  it('run in no circle, types included', () => {
    expect(circles()).toEqual([]);
  });
});

/** The trading workflow lies in folders of this name, and nowhere else. */
const trading = /(^|\/)trading\//;

/** The approvals: they know nothing of what is approved. */
const general = files.filter(
  (file) => /^(bot|functions|slack|domain|aws|stack|examples)\//.test(file) && !trading.test(file),
);

/** A request may be about anything; each of these words is about trades. Of names in the code each part counts. */
const TRADE =
  /^(trad(e[srd]?|ing)|buy(s|ing)?|bought|sells?|selling|sold|orders?|ordered|fill(s|ed)?|symbols?|quotes?|brokers?|shares?|stocks?|prices?|priced|notional|ledger|amzn|nvda)$/i;

/** Where such a word means something else. */
const OTHERWISE: readonly { readonly words: RegExp; readonly meaning: string }[] = [
  { words: /\b(([Ii]n|[Tt]his|[Tt]he|that|which) order|reverseOrder)\b/g, meaning: 'one after the other' },
];

describe('approvals', () => {
  it.each(general)('%s imports nothing of trades', (file) => {
    expect(importsOf(file).filter((path) => trading.test(path))).toEqual([]);
  });

  it.each(general)('%s names no trade', (file) => {
    const source = OTHERWISE.reduce(
      (text, { words }) => text.replaceAll(words, ''),
      readFileSync(file, 'utf8'),
    );
    const words = source.split(/[^A-Za-z]+|(?<=[a-z])(?=[A-Z])/);
    expect(words.filter((word) => TRADE.test(word))).toEqual([]);
  });

  it.each(OTHERWISE)('$words means "$meaning" somewhere', ({ words }) => {
    expect(general.some((file) => words.test(readFileSync(file, 'utf8')))).toBe(true);
  });
});

function importsOf(file: string): string[] {
  const source = readFileSync(file, 'utf8');
  return [...source.matchAll(/(?:^|\n)(?:import|export)\s[^;]*?from '([^']+)'/g)].map(([, path = '']) =>
    path.startsWith('.') ? normalize(join(dirname(file), path)) : path,
  );
}

/** Every circle once, as the files along it. */
function circles(): string[] {
  const found: string[] = [];
  const finished = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) {
      found.push([...path.slice(path.indexOf(file)), file].join(' → '));
      return;
    }
    if (finished.has(file)) return;
    for (const imported of importsOf(file).filter((each) => files.includes(each)))
      visit(imported, [...path, file]);
    finished.add(file);
  };
  for (const file of files) visit(file, []);
  return found;
}
