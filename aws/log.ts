// Writes events to standard output, one JSON object per line, for CloudWatch Logs. The bot and all functions log with
// it.

export type Log = (event: string, fields?: Readonly<Record<string, unknown>>) => void;

/** @param event what happened, in the past tense: `decision_recorded` */
export const log: Log = (event, fields = {}) => {
  process.stdout.write(`${withoutSecrets(JSON.stringify({ event, ...fields }))}\n`);
};

/** Removes Slack tokens, and strings that may be task tokens. AWS errors may contain them as request parameters. */
function withoutSecrets(line: string): string {
  return line.replaceAll(/[A-Za-z0-9+/=_-]{100,}|\bx(ox[a-z]|app|wfp)[.-][A-Za-z0-9.-]+/g, '…');
}

/**
 * An error as fields of an event: its code or name, and its message. The stack trace is omitted, because it may contain
 * parameters.
 */
export function errorFields(error: unknown): Readonly<Record<string, string>> {
  if (!(error instanceof Error)) return { error: 'NotAnError', message: String(error) };
  // In a bundle the class names of Slack's errors are minified, but their codes are not.
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return { error: code ?? error.name, message: error.message };
}
