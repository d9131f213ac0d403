// Tests the files of a local world: what is stored is read back completely, or not at all.
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { forget, persistIn, noPersistence } from '../../local/persistence.ts';

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
  it('lets only the owner read the folder, also if others could read it before', async () => {
    const where = folder();
    await persistIn(where).saved();
    chmodSync(where, 0o755);
    persistIn(where);
    expect(statSync(where).mode & 0o777).toBe(0o700);
  });

  it('reads each part back as it was stored', async () => {
    const where = folder();
    const first = persistIn(where);
    const [one, two] = [first.part<Part>('one', beginning()), first.part<Part>('two', beginning())];
    one.count = 7;
    one.later = 'a member that is not there at the beginning';
    two.names.push('Ana');
    await first.saved();
    two.names.push('nobody waited for this one');

    const again = persistIn(where);
    expect(again.part('one', beginning())).toEqual({ ...one });
    expect(again.part('two', beginning())).toEqual({ count: 0, names: ['Ana'] });
    expect(again.part('three', beginning())).toEqual(beginning());
  });

  it('stores all changes of one turn together', async () => {
    const where = folder();
    const persistence = persistIn(where);
    const part = persistence.part<Part>('one', beginning());
    const kept = persistence.saved();
    part.count = 1;
    await Promise.resolve();
    part.names.push('Ana');
    await kept;
    expect(persistIn(where).part('one', beginning())).toEqual({ count: 1, names: ['Ana'] });
  });

  it('stores parts that have not been requested yet', async () => {
    const where = folder();
    const first = persistIn(where);
    first.part<Part>('late', beginning()).count = 5;
    await first.saved();
    const second = persistIn(where);
    second.part<Part>('early', beginning()).count = 6;
    await second.saved();
    const third = persistIn(where);
    expect(third.part('late', beginning()).count).toBe(5);
    expect(third.part('early', beginning()).count).toBe(6);
  });

  it('stores within a short time, even if nobody waits for it', async () => {
    const where = folder();
    const persistence = persistIn(where);
    persistence.part<Part>('one', beginning()).count = 3;
    persistence.saveSoon();
    await expect.poll(() => persistIn(where).part('one', beginning()).count).toBe(3);
  });

  it('keeps the previous file if a write did not finish', async () => {
    const where = folder();
    const persistence = persistIn(where);
    persistence.part<Part>('one', beginning()).count = 1;
    await persistence.saved();
    writeFileSync(join(where, 'state.json.next'), '{"version":1,"parts":{"one":{"cou');
    expect(persistIn(where).part('one', beginning()).count).toBe(1);
  });

  it('starts empty if the first start did not finish, and after a reset', async () => {
    const where = folder();
    writeFileSync(join(where, 'half-made'), '');
    persistIn(where);
    expect(readdirSync(where)).toEqual([]);
    const persistence = persistIn(where);
    persistence.part<Part>('one', beginning()).count = 1;
    await persistence.saved();
    forget(where);
    expect(persistIn(where).part('one', beginning())).toEqual(beginning());
  });

  it('refuses an unreadable file and explains what to do', async () => {
    const where = folder();
    const file = join(where, 'state.json');
    writeFileSync(file, '{"version":1,"parts":{"one":');
    expect(() => persistIn(where)).toThrow(
      /^The saved state in .* cannot be read \(SyntaxError: .*\)\. Start without it: npm start -- --fresh$/,
    );
    writeFileSync(file, '{"version":0,"parts":{}}');
    expect(() => persistIn(where)).toThrow('is of version 0, and this is version 1. Start without it');
    expect(readFileSync(file, 'utf8')).toBe('{"version":0,"parts":{}}');
  });

  it('stores nothing if it is switched off', async () => {
    const part = beginning();
    expect(noPersistence.part('one', part)).toBe(part);
    await noPersistence.saved();
    expect(noPersistence.tables).toBeUndefined();
  });
});
