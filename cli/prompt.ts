// Asks the operator questions on the terminal, for setup, deploy and destroy. Without a terminal, each line of standard
// input is an answer. Ctrl-C or the end of the input ends the command.
import { createInterface, type Interface } from 'node:readline';
import { Writable } from 'node:stream';
import { Stopped, UsageError } from './usage-error.ts';

export interface Question {
  readonly text: string;
  /** True if the answer must not be shown while it is typed. */
  readonly secret?: boolean;
  /** Used if the operator enters nothing. Undefined if the operator must enter an answer. */
  readonly defaultAnswer?: string | undefined;
  /** Command-line option that answers the question, such as `--bot-token xoxb-…`. */
  readonly flag: string;
}

export interface Prompter {
  ask(question: Question): Promise<string>;
  close(): void;
}

export function createPrompter(): Prompter {
  let isEchoing = true;
  const output = new Writable({
    write: (chunk, _encoding, done) => (isEchoing && process.stderr.write(chunk), done()),
  });
  const terminal = process.stdin.isTTY;
  let lines: Interface | undefined;
  let answers: AsyncIterator<string> | undefined;
  return {
    async ask({ text, secret = false, defaultAnswer, flag }) {
      // Keep no history, so that the arrow keys do not show a token that was typed before.
      lines ??= createInterface({ input: process.stdin, output, terminal, historySize: 0 });
      answers ??= lines[Symbol.asyncIterator]();
      for (;;) {
        process.stderr.write(`${text}: `);
        isEchoing = !secret;
        const { value, done } = await answers.next();
        isEchoing = true;
        if (secret || !terminal) process.stderr.write('\n');
        if (done && terminal) throw new Stopped('\nStopped. Nothing was changed.');
        if (done) throw new UsageError(`No answer to "${text.trim()}". Pass it as ${flag}`);
        const answer = value.trim() || defaultAnswer;
        if (answer !== undefined) return answer;
      }
    },
    close: () => lines?.close(),
  };
}

/** Asks one question and closes the prompter. */
export async function promptOnce(text: string, flag: string, defaultAnswer: string): Promise<string> {
  const prompter = createPrompter();
  try {
    return await prompter.ask({ text, flag, defaultAnswer });
  } finally {
    prompter.close();
  }
}

export async function confirm(text: string, flag: string): Promise<boolean> {
  return /^y(es)?$/i.test(await promptOnce(`${text} (y/N)`, flag, 'n'));
}
