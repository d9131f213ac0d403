// The slash command as the views show it, and its help text. The bot's entry file creates the `Command`.

export interface Command {
  /** The name, such as `/approvals`. A workflow may have its own. */
  readonly name: string;
  /** An example of an execution name. */
  readonly execution: string;
  /** Whether the command starts executions. */
  readonly starts: boolean;
}

const WORDS = ['pending', 'status', 'cancel', 'audit', 'help'];

/** Returns a sentence that suggests a word, if this one is a misspelling such as `hlep`. */
export function suggestion(word: string, { name }: Command): string | undefined {
  const meant = WORDS.find((each) => isMisspelling(word.toLowerCase(), each));
  return meant && `Did you mean \`${name} ${meant}\`?`;
}

/** Whether one letter is missing, added or different, or two neighbours are swapped. */
function isMisspelling(typed: string, word: string): boolean {
  let start = 0;
  while (start < word.length && typed[start] === word[start]) start += 1;
  const [one, other] = [typed.slice(start), word.slice(start)];
  return (
    one.slice(1) === other.slice(1) ||
    one === other.slice(1) ||
    one.slice(1) === other ||
    (one.slice(2) === other.slice(2) && one[0] === other[1] && one[1] === other[0])
  );
}

export function commandHelp({ name, execution }: Command): string {
  return [
    `\`${name} pending\` lists the pending requests, \`${name} status\` your own, \`${name} status ${execution}\` one execution. \`${name} cancel ${execution}\` stops it.`,
    `For approvers: \`${name} audit 2026-11\` sends a file with what people did in that month.`,
  ].join('\n');
}
