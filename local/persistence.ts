// Saves the local world between restarts: parts as plain data, in one file that is replaced as a whole. `npm start` uses
// one for the cloud and the small Slack; the demo, tests and benchmarks use `noPersistence`.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Persistence {
  /**
   * Returns the saved part of this name, or `beginning` if there is none. The caller changes it in place. Pass `text` if the
   * part has a faster way to its JSON.
   */
  part<Part extends object>(name: string, beginning: Part, text?: (part: Part) => string): Part;
  /** Resolves when the current state is on disk. Call it before you answer, or before you start work for others. */
  readonly saved: () => Promise<void>;
  /** Saves soon: for changes that happen again if they are lost. */
  readonly saveSoon: () => void;
  /** Folder for a database of its own; without it, the database is in memory. */
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

/** Increase it with each change to the format. */
const VERSION = 1;
const SAVE_DELAY_MS = 100;

/** The caller must hold the port that the folder belongs to. */
export function persistIn(folder: string): Persistence {
  const file = join(folder, 'state.json');
  // Without the file, an earlier first start was cut off: start from nothing.
  if (!existsSync(file)) forget(folder);
  // It contains a bot's token and task tokens: only the owner may read it.
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const before = existsSync(file) ? readParts(folder, file) : {};
  // Includes parts that nobody has asked for yet.
  const parts = new Map(Object.entries(before).map(([name, part]) => [name, () => JSON.stringify(part)]));
  let written = '';
  let writing: Promise<void> | undefined;
  let soon: NodeJS.Timeout | undefined;

  function write(): void {
    const texts = [...parts].map(([name, textOf]) => `${JSON.stringify(name)}:${textOf()}`);
    const text = `{"version":${VERSION},"parts":{${texts.join(',')}}}`;
    if (text === written) return;
    // If the process is killed, the file is the old one or the new one, never half of one.
    writeFileSync(`${file}.next`, text);
    renameSync(`${file}.next`, file);
    written = text;
  }

  // Writes at the end of the turn, so that related changes are saved together; calls in between share the write.
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
