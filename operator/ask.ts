// Asks whoever runs a command, on the terminal; what is secret is not shown while it is typed. Where no terminal is, the
// answers are the lines of standard input.
import { createInterface, type Interface } from 'node:readline';
import { Writable } from 'node:stream';
import { Unusable } from './unusable.ts';

export interface Question {
  readonly text: string;
  /** Is not shown, neither as it is typed nor as what is kept. */
  readonly secret?: boolean;
  /** What an empty answer means. */
  readonly kept?: string | undefined;
  /** How it is given without being asked, for where nobody answers: `--bot-token xoxb-…`. */
  readonly flag: string;
}

export interface Asker {
  ask(question: Question): Promise<string>;
  close(): void;
}

export function createAsker(): Asker {
  let shown = true;
  const output = new Writable({
    write: (chunk, _encoding, done) => (shown && process.stderr.write(chunk), done()),
  });
  const terminal = process.stdin.isTTY;
  let lines: Interface | undefined;
  let answers: AsyncIterator<string> | undefined;
  return {
    async ask({ text, secret = false, kept, flag }) {
      lines ??= createInterface({ input: process.stdin, output, terminal });
      answers ??= lines[Symbol.asyncIterator]();
      const known = secret ? 'Enter keeps the one you gave' : `Enter keeps ${kept}`;
      process.stderr.write(`${text}${kept ? ` (${known})` : ''}: `);
      shown = !secret;
      const { value, done } = await answers.next();
      shown = true;
      if (secret || !terminal) process.stderr.write('\n');
      const answer = done ? '' : value.trim();
      if (answer !== '') return answer;
      if (kept) return kept;
      throw new Unusable(`Nothing was answered to "${text}". Without a terminal, give it as ${flag}`);
    },
    close: () => lines?.close(),
  };
}

/** One question, typed in full. */
export async function typed(text: string, flag: string): Promise<string> {
  const asker = createAsker();
  try {
    return await asker.ask({ text, flag });
  } finally {
    asker.close();
  }
}

export async function confirmed(text: string, flag: string): Promise<boolean> {
  return /^y(es)?$/i.test(await typed(`${text} (y/N)`, flag));
}
