// Asks whoever runs a command, on the terminal; what is secret is not shown while it is typed. Where no terminal is, the
// answers are the lines of standard input. Ctrl-C, or the end of the input, is no answer: the command ends.
import { createInterface, type Interface } from 'node:readline';
import { Writable } from 'node:stream';
import { Stopped, UsageError } from './usage-error.ts';

export interface Question {
  readonly text: string;
  /** Is not shown as it is typed. */
  readonly secret?: boolean;
  /** What an empty answer means; without it there is none. */
  readonly otherwise?: string | undefined;
  /** How it is given without being asked, for where nobody answers: `--bot-token xoxb-…`. */
  readonly flag: string;
}

export interface Prompter {
  ask(question: Question): Promise<string>;
  close(): void;
}

export function createPrompter(): Prompter {
  let shown = true;
  const output = new Writable({
    write: (chunk, _encoding, done) => (shown && process.stderr.write(chunk), done()),
  });
  const terminal = process.stdin.isTTY;
  let lines: Interface | undefined;
  let answers: AsyncIterator<string> | undefined;
  return {
    async ask({ text, secret = false, otherwise, flag }) {
      // No history: a token that was typed before must not come back by an arrow key.
      lines ??= createInterface({ input: process.stdin, output, terminal, historySize: 0 });
      answers ??= lines[Symbol.asyncIterator]();
      for (;;) {
        process.stderr.write(`${text}: `);
        shown = !secret;
        const { value, done } = await answers.next();
        shown = true;
        if (secret || !terminal) process.stderr.write('\n');
        if (done && terminal) throw new Stopped('\nStopped. Nothing was changed.');
        if (done) throw new UsageError(`Nothing was answered to "${text.trim()}". Give it as ${flag}`);
        const answer = value.trim() || otherwise;
        if (answer !== undefined) return answer;
      }
    },
    close: () => lines?.close(),
  };
}

/** One question, typed in full. */
export async function promptOnce(text: string, flag: string, otherwise: string): Promise<string> {
  const prompter = createPrompter();
  try {
    return await prompter.ask({ text, flag, otherwise });
  } finally {
    prompter.close();
  }
}

export async function confirm(text: string, flag: string): Promise<boolean> {
  return /^y(es)?$/i.test(await promptOnce(`${text} (y/N)`, flag, 'n'));
}
