// The slash command as the views show it, and its help. The entry of the bot creates it.

export interface Command {
  /** Such as `/approvals`. The workflow chooses it. */
  readonly name: string;
  /** An example of an execution name. */
  readonly execution: string;
  /** Whether the command starts executions. */
  readonly starts: boolean;
}

export function commandHelp({ name, execution }: Command): string {
  return [
    `\`${name} pending\` shows what waits, \`${name} status\` what you asked for, \`${name} status ${execution}\` an execution, \`${name} cancel ${execution}\` stops one.`,
    `For those who may approve: \`${name} audit 2026-11\` sends, as a file, what people did in that month.`,
  ].join('\n');
}
