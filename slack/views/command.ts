// The slash command as the views name it, and what of it is the same for every workflow. The entry of the bot makes one;
// who typed something that the command does not understand reads its help.

export interface Command {
  /** Such as `/approvals`: the workflow gives it. */
  readonly name: string;
  /** An execution's name, as an example. */
  readonly execution: string;
  /** Whether requests are started with it. */
  readonly starts: boolean;
}

export function commandHelp({ name, execution }: Command): string {
  return [
    `\`${name} pending\` shows what waits, \`${name} status\` what you asked for, \`${name} status ${execution}\` an execution, \`${name} cancel ${execution}\` stops one.`,
    `For those who may approve: \`${name} audit 2026-11\` sends, as a file, what people did in that month.`,
  ].join('\n');
}
