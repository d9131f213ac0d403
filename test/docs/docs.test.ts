// Keeps the documents true: every link leads to a file and a heading that exist, every command and setting that they name exists,
// and every setting is documented with its default.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import cdk from '../../cdk.json' with { type: 'json' };
import project from '../../package.json' with { type: 'json' };

const documents = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'])
  .toString()
  .trim()
  .split('\n');

const read = (file: string) => readFileSync(file, 'utf8');

/** Without code, in which brackets are no links. */
const prose = (file: string) =>
  read(file)
    .replaceAll(/^```[\s\S]*?^```/gm, '')
    .replaceAll(/`[^`\n]*`/g, '');

/** The anchors of a document, as GitHub makes them of its headings. */
function anchorsOf(file: string): ReadonlySet<string> {
  const anchors = new Map<string, number>();
  const headings = read(file)
    .replaceAll(/^```[\s\S]*?^```/gm, '')
    .matchAll(/^#{1,6} (.+)$/gm);
  const all = new Set<string>();
  for (const [, heading = ''] of headings) {
    const slug = heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(/\s/g, '-');
    const before = anchors.get(slug) ?? 0;
    anchors.set(slug, before + 1);
    all.add(before === 0 ? slug : `${slug}-${before}`);
  }
  return all;
}

function brokenLinks(file: string): readonly string[] {
  return [...prose(file).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target = '']) => {
    if (/^(?:https?|mailto):/.test(target)) return [];
    const [path = '', anchor] = target.split('#');
    const found = path === '' ? file : normalize(join(dirname(file), path));
    if (!existsSync(found)) return [`${target}: no such file`];
    const hasAnchor = anchor === undefined || statSync(found).isDirectory() || !found.endsWith('.md');
    return hasAnchor || anchorsOf(found).has(anchor) ? [] : [`${target}: no such heading`];
  });
}

describe('documents', () => {
  it.each(documents)('%s has no broken link', (file) => {
    expect(brokenLinks(file)).toEqual([]);
  });

  it('name only commands that exist', () => {
    const scripts: Readonly<Record<string, string>> = project.scripts;
    const unknown = documents
      // These also name commands of earlier versions.
      .filter((file) => file !== 'CHANGELOG.md' && !file.startsWith('docs/adr/'))
      .flatMap((file) =>
        [...read(file).matchAll(/npm (?:-s )?run ([a-z][a-z:-]*)/g)].map(
          ([, name = '']) => [file, name] as const,
        ),
      )
      .filter(([, name]) => scripts[name] === undefined);
    expect(unknown).toEqual([]);
  });

  it('have at most 130 lines in the README', () => {
    expect(read('README.md').trimEnd().split('\n').length).toBeLessThanOrEqual(130);
  });
});

/** The rows of a table of settings: name → default. */
function settingsIn(file: string): ReadonlyMap<string, string> {
  const rows = read(file).matchAll(/^\| `([a-zA-Z]+)` \| ([^|]+) \|/gm);
  return new Map([...rows].map(([, name = '', byDefault = '']) => [name, byDefault]));
}

describe('settings', () => {
  const context: Readonly<Record<string, unknown>> = cdk.context;
  const names = Object.keys(context).filter((name) => !/[:/]/.test(name));

  it('are all documented, and no others', () => {
    expect([...settingsIn('docs/reference/configuration.md').keys()].toSorted()).toEqual(names.toSorted());
  });

  it.each(['docs/reference/configuration.md', 'README.md'])('have these defaults in %s', (file) => {
    for (const [name, shown] of settingsIn(file)) {
      if (name === 'tiers') continue;
      const value = context[name];
      const text = typeof value === 'string' ? value : JSON.stringify(value);
      expect([name, shown]).toEqual([name, text === '' ? 'empty' : `\`${text}\``]);
    }
  });
});
