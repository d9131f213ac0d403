// Keeps the decisions in one form: a title, a status with a date, the same headings in the same order, and a row in the index.
import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';

const decisions = globSync('docs/adr/[0-9]*.md').toSorted();
const index = readFileSync('docs/adr/README.md', 'utf8');

/** The text without code blocks, in which a line may begin like a heading. */
const prose = (file: string) => readFileSync(file, 'utf8').replaceAll(/^```[\s\S]*?^```/gm, '');

const REQUIRED = ['Context', 'Decision', 'Consequences'];

/** A decision that is replaced names the decision that replaced it. */
const STATUS = /^(?:accepted|superseded by \[\d+\]\(\d{4}-[a-z0-9-]+\.md\)), \d{4}-\d{2}-\d{2}(?:\. .+)?$/;

describe('each decision', () => {
  it.each(decisions)('%s has a numbered title, a status and the headings', (file) => {
    const text = prose(file);
    expect(Number(/^# (\d+)\. \S/.exec(text)?.[1])).toBe(Number(basename(file).slice(0, 4)));
    expect(/^# .+\n\nStatus: (.+)$/m.exec(text)?.[1]).toMatch(STATUS);
    const headings = [...text.matchAll(/^## (.+)$/gm)].map(([, heading = '']) => heading);
    expect(headings.filter((heading) => heading !== 'Alternatives')).toEqual(REQUIRED);
    expect(['Consequences', 'Alternatives']).toContain(headings.at(-1));
  });

  it.each(decisions)('%s has text under each heading', (file) => {
    const sections = prose(file)
      .split(/^## .+$/m)
      .slice(1);
    expect(sections.map((section) => section.trim() === '')).toEqual(sections.map(() => false));
  });
});

describe('the index of decisions', () => {
  it('has each decision once, in order, with its title and its status', () => {
    const rows = index.match(/^\| \d+ \|.*$/gm);
    const expected = decisions.map((file) => {
      const text = prose(file);
      const [, number = '', title = ''] = /^# (\d+)\. (.+)$/m.exec(text) ?? [];
      const [, status = ''] = /^Status: (.+?, \d{4}-\d{2}-\d{2})/m.exec(text) ?? [];
      return `| ${number} | [${title}](${basename(file)}) | ${status} |`;
    });
    expect(rows).toEqual(expected);
  });

  it('numbers the decisions without a gap', () => {
    expect(decisions.map((file) => Number(basename(file).slice(0, 4)))).toEqual(
      decisions.map((_, position) => position + 1),
    );
  });
});
