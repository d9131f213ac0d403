// Saves the state of the local cloud and the local Slack between restarts. The state consists of parts, all in one file
// that each save replaces. `npm start` uses it; the demo, tests and benchmarks use `noPersistence`.
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Persistence {
  /**
   * Returns the saved part with this name, or `beginning` if none is saved. The caller may change the returned object;
   * each save writes its current content. `text` may replace `JSON.stringify` if it is faster.
   */
  part<Part extends object>(name: string, beginning: Part, text?: (part: Part) => string): Part;
  /** Resolves when the current state is on disk. Await it before you answer a request or run a function. */
  readonly saved: () => Promise<void>;
  /** Saves after a short delay. Use it only for changes that happen again if they are lost. */
  readonly saveSoon: () => void;
  /** Folder for the database of the tables; undefined if the database is in memory. */
  readonly tables?: string;
}

export const noPersistence: Persistence = {
  part: (_name, beginning) => beginning,
  saved: () => Promise.resolve(),
  saveSoon: () => {},
};

/** This version cannot use the saved state. */
export class UnreadableState extends Error {
  override readonly name = 'UnreadableState';

  constructor(folder: string, why: string) {
    super(`The saved state in ${folder} ${why}. Start without it: npm start -- --fresh`);
  }
}

/** The version of the file's format: increase it with each change to the format. */
const VERSION = 1;
const SAVE_DELAY_MS = 100;

/** The folder is named after a port. The caller must already listen on that port, so that no other process uses it. */
export function persistIn(folder: string): Persistence {
  const file = join(folder, 'state.json');
  // If the file is missing, an earlier process ended before its first save, so its other files are deleted.
  if (!existsSync(file)) forget(folder);
  // The folder contains the bot's token and task tokens, so only the owner may read it.
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // `mkdir` does not change a folder that exists.
  chmodSync(folder, 0o700);
  const before = existsSync(file) ? readParts(folder, file) : {};
  // Includes saved parts that nobody has asked for yet, so that a save keeps them.
  const parts = new Map(Object.entries(before).map(([name, part]) => [name, () => JSON.stringify(part)]));
  let written = '';
  let writing: Promise<void> | undefined;
  let soon: NodeJS.Timeout | undefined;

  function write(): void {
    const texts = [...parts].map(([name, textOf]) => `${JSON.stringify(name)}:${textOf()}`);
    const text = `{"version":${VERSION},"parts":{${texts.join(',')}}}`;
    if (text === written) return;
    // The rename replaces the file at once, so a killed process never leaves a half-written file.
    writeFileSync(`${file}.next`, text);
    renameSync(`${file}.next`, file);
    written = text;
  }

  // Writes once at the end of the event loop's turn, so that all changes of the turn are saved together.
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
      soon ??= setTimeout(() => void saved(), SAVE_DELAY_MS);
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
