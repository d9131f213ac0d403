// Tests the files of a local world: what is stored is read back completely, or not at all.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { forget, keepIn, keepNothing } from '../../local/persistence.ts';

interface Part {
  count: number;
  readonly names: string[];
  later?: string;
}

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'countersign-keep-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

const beginning = (): Part => ({ count: 0, names: [] });

describe('persistence', () => {
  it('reads each part back as it was stored', async () => {
    const where = folder();
    const first = keepIn(where);
    const [one, two] = [first.part<Part>('one', beginning()), first.part<Part>('two', beginning())];
    one.count = 7;
    one.later = 'a member that is not there at the beginning';
    two.names.push('Ana');
    await first.kept();
    two.names.push('nobody waited for this one');

    const again = keepIn(where);
    expect(again.part('one', beginning())).toEqual({ ...one });
    expect(again.part('two', beginning())).toEqual({ count: 0, names: ['Ana'] });
    expect(again.part('three', beginning())).toEqual(beginning());
  });

  it('stores all changes of one turn together', async () => {
    const where = folder();
    const keep = keepIn(where);
    const part = keep.part<Part>('one', beginning());
    const kept = keep.kept();
    part.count = 1;
    await Promise.resolve();
    part.names.push('Ana');
    await kept;
    expect(keepIn(where).part('one', beginning())).toEqual({ count: 1, names: ['Ana'] });
  });

  it('stores parts that have not been requested yet', async () => {
    const where = folder();
    const first = keepIn(where);
    first.part<Part>('late', beginning()).count = 5;
    await first.kept();
    const second = keepIn(where);
    second.part<Part>('early', beginning()).count = 6;
    await second.kept();
    const third = keepIn(where);
    expect(third.part('late', beginning()).count).toBe(5);
    expect(third.part('early', beginning()).count).toBe(6);
  });

  it('stores within a short time, even if nobody waits for it', async () => {
    const where = folder();
    const keep = keepIn(where);
    keep.part<Part>('one', beginning()).count = 3;
    keep.keepSoon();
    await expect.poll(() => keepIn(where).part('one', beginning()).count).toBe(3);
  });

  it('keeps the previous file if a write did not finish', async () => {
    const where = folder();
    const keep = keepIn(where);
    keep.part<Part>('one', beginning()).count = 1;
    await keep.kept();
    writeFileSync(join(where, 'state.json.next'), '{"version":1,"parts":{"one":{"cou');
    expect(keepIn(where).part('one', beginning()).count).toBe(1);
  });

  it('starts empty if the first start did not finish, and after a reset', async () => {
    const where = folder();
    writeFileSync(join(where, 'half-made'), '');
    keepIn(where);
    expect(readdirSync(where)).toEqual([]);
    const keep = keepIn(where);
    keep.part<Part>('one', beginning()).count = 1;
    await keep.kept();
    forget(where);
    expect(keepIn(where).part('one', beginning())).toEqual(beginning());
  });

  it('refuses an unreadable file and explains what to do', async () => {
    const where = folder();
    const file = join(where, 'state.json');
    writeFileSync(file, '{"version":1,"parts":{"one":');
    expect(() => keepIn(where)).toThrow(
      /^What was kept in .* cannot be read \(SyntaxError: .*\)\. Forget it and start anew: npm start -- --fresh$/,
    );
    writeFileSync(file, '{"version":0,"parts":{}}');
    expect(() => keepIn(where)).toThrow('is of version 0, and this is version 1. Forget it');
    expect(readFileSync(file, 'utf8')).toBe('{"version":0,"parts":{}}');
  });

  it('stores nothing if it is switched off', async () => {
    const part = beginning();
    expect(keepNothing.part('one', part)).toBe(part);
    await keepNothing.kept();
    expect(keepNothing.tables).toBeUndefined();
  });
});
