// What outlives a restart: parts of the local world as plain data, in one file that is replaced as a whole. `npm start`
// keeps one for the cloud and the local Slack; the demo, tests and measurements keep nothing.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Persistence {
  /**
   * The part of this name as it was kept, or else as it begins. It is changed in place from then on; `text` is its JSON, for
   * a part that knows a quicker way to it.
   */
  part<Part extends object>(name: string, beginning: Part, text?: (part: Part) => string): Part;
  /** Resolves when everything as it is now is on disk. Who answers, or has something done, waits for it. */
  readonly saved: () => Promise<void>;
  /** The same, sooner or later: for what is done again if it gets lost. */
  readonly saveSoon: () => void;
  /** Where a database of its own may be kept; without it, in memory. */
  readonly tables?: string;
}

export const noPersistence: Persistence = {
  part: (_name, beginning) => beginning,
  saved: () => Promise.resolve(),
  saveSoon: () => {},
};

/** What was kept is of no use to this version. */
export class UnreadableState extends Error {
  override readonly name = 'UnreadableState';

  constructor(folder: string, why: string) {
    super(`What was kept in ${folder} ${why}. Forget it and start anew: npm start -- --fresh`);
  }
}

/** Counts up with each change to the shape of what is kept. */
const VERSION = 1;
const SOON = 100;

/** Only whoever holds the port that the folder belongs to may call it. */
export function persistIn(folder: string): Persistence {
  const file = join(folder, 'state.json');
  // Without it the folder holds a first start that did not get far.
  if (!existsSync(file)) forget(folder);
  // A bot's token is in it, and task tokens: for nobody else's eyes.
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const before = existsSync(file) ? readParts(folder, file) : {};
  // Also those that nobody has asked for yet.
  const parts = new Map(Object.entries(before).map(([name, part]) => [name, () => JSON.stringify(part)]));
  let written = '';
  let writing: Promise<void> | undefined;
  let soon: NodeJS.Timeout | undefined;

  function write(): void {
    const texts = [...parts].map(([name, textOf]) => `${JSON.stringify(name)}:${textOf()}`);
    const text = `{"version":${VERSION},"parts":{${texts.join(',')}}}`;
    if (text === written) return;
    // A process that is killed leaves the file from before, or the next; never half of one.
    writeFileSync(`${file}.next`, text);
    renameSync(`${file}.next`, file);
    written = text;
  }

  // At the end of the turn: what belongs together has happened, and who asks meanwhile shares the write.
  const saved = (): Promise<void> =>
    (writing ??= new Promise((resolve) => {
      setImmediate(() => {
        clearTimeout(soon);
        soon = writing = undefined;
        write();
        resolve();
      });
    }));

  return {
    part: (name, beginning, text = JSON.stringify) => {
      const part = Object.assign(beginning, before[name]);
      parts.set(name, () => text(part));
      return part;
    },
    saved,
    saveSoon: () => {
      soon ??= setTimeout(() => void saved(), SOON);
    },
    tables: join(folder, 'tables'),
  };
}

export function forget(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

function readParts(folder: string, file: string): Record<string, object> {
  let read: { version?: unknown; parts?: Record<string, object> };
  try {
    read = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UnreadableState(folder, `cannot be read (${String(error)})`);
  }
  if (read.version === VERSION && read.parts) return read.parts;
  throw new UnreadableState(folder, `is of version ${String(read.version)}, and this is version ${VERSION}`);
}
