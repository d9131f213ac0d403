// One JSON object an event, on standard output, where CloudWatch picks it up. Every function and the bot log with it.

export type Log = (event: string, fields?: Readonly<Record<string, unknown>>) => void;

/** @param event what happened, in the past tense: `decision_recorded` */
export const log: Log = (event, fields = {}) => {
  process.stdout.write(`${withoutSecrets(JSON.stringify({ event, ...fields }))}\n`);
};

/** AWS repeats in its errors what it was given, a task token too: nothing so long, and no Slack token, is written. */
function withoutSecrets(line: string): string {
  return line.replaceAll(/[A-Za-z0-9+/=_-]{100,}|xox[a-z]-[A-Za-z0-9-]+/g, '…');
}

/** An error as fields of an event: its code or name and its message, not its stack, which may repeat what it was given. */
export function errorFields(error: unknown): Readonly<Record<string, string>> {
  if (!(error instanceof Error)) return { error: 'NotAnError', message: String(error) };
  // A class whose errors go by its own name, as Slack's do, has another one in a bundle; its code stays.
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return { error: code ?? error.name, message: error.message };
}
