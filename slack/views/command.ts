// The slash command as the views show it, and its help text. The bot's entry file creates the `Command`.

export interface Command {
  /** The name, such as `/approvals`. A workflow may have its own. */
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
