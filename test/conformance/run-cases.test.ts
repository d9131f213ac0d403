// Tests how cases are judged and printed, and the list of cases itself. No case is called here.
import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Aws } from '../../conformance/aws.ts';
import type { Case } from '../../conformance/case.ts';
import { cases } from '../../conformance/cases/index.ts';
import { runCases } from '../../conformance/run-cases.ts';

const base: Case = { name: 'a case', source: 'assumed', calls: async () => 'yes', answer: 'yes' };

async function judged(one: Partial<Case>, isTimeSimulated = true, signal?: AbortSignal) {
  const lines: string[] = [];
  const print = (line: string) => void lines.push(line);
  const results = await runCases([{ ...base, ...one }], {} as Aws, {
    isTimeSimulated,
    print,
    ...(signal && { signal }),
  });
  return { result: results[0]?.result, lines: lines.slice(0, -1), summary: lines.at(-1)?.trim() };
}

describe('runCases', () => {
  it('says that an answer is the same, whatever the order of its members', async () => {
    const { result, lines, summary } = await judged({
      calls: async () => ({ a: 1, b: undefined, c: [2] }),
      answer: { c: [2], a: 1 },
    });
    expect({ result, lines, summary }).toEqual({
      result: 'same',
      lines: ['same     a case'],
      summary: '1 same, 0 differ, 0 skipped',
    });
  });

  it('says what AWS answers, what was answered and where that is from, if they differ', async () => {
    const { result, lines, summary } = await judged({ calls: async () => ({ status: 'FAILED' }) });
    expect(result).toBe('DIFFERS');
    expect(lines).toEqual([
      'DIFFERS  a case',
      '           AWS:      "yes"',
      '           answered: {"status":"FAILED"}',
      '           source:   assumed',
    ]);
    expect(summary).toBe('0 same, 1 differ, 0 skipped');
  });

  it('takes an error of a call as its answer', async () => {
    const { result, lines } = await judged({
      calls: () => Promise.reject(new Error('no message came')),
    });
    expect([result, lines[2]]).toEqual(['DIFFERS', '           answered: "Error: no message came"']);
  });

  it('skips what needs simulated time if time is real', async () => {
    const slow = { localTimeOnly: true } as const;
    expect((await judged(slow, false)).result).toBe('skipped');
    expect((await judged(slow)).result).toBe('same');
  });

  it('stops at Ctrl-C, also in a case, without a result on that case', async () => {
    const stop = new AbortController();
    const stopped = judged({ calls: async () => stop.abort(new Error('Stopped.')) }, true, stop.signal);
    await expect(stopped).rejects.toThrow('Stopped.');
  });
});

describe('the cases', () => {
  it('have names of their own, because people choose them by name', () => {
    const names = cases.map(({ name }) => name);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  });

  it.each(cases)('“$name” names its source', ({ source }) => {
    expect(source).toMatch(/^(assumed|https:\/\/)/);
  });

  it('that docs/local-emulators.md names exist', () => {
    const rows = readFileSync('docs/local-emulators.md', 'utf8').matchAll(/\. Cases: ([`\w, -]+) \|/g);
    const named = new Set([...rows].flatMap(([, files = '']) => files.split(', ')));
    const existing = globSync('conformance/cases/*.ts').map((file) => `\`${basename(file, '.ts')}\``);
    expect(named.size).toBeGreaterThan(10);
    expect([...named].filter((file) => !existing.includes(file))).toEqual([]);
  });
});
