// One JSON object an event, on standard output, where CloudWatch picks it up. Every function and the bot log with it.

export type Log = (event: string, fields?: Readonly<Record<string, unknown>>) => void;

/** @param event what happened, in the past tense: `decision_recorded` */
export const log: Log = (event, fields = {}) => {
  process.stdout.write(`${JSON.stringify({ event, ...fields })}\n`);
};

/** An error as fields of an event: its name and message, not its stack, which may quote what it was given. */
export function errorFields(error: unknown): Readonly<Record<string, string>> {
  if (!(error instanceof Error)) return { error: 'NotAnError', message: String(error) };
  return { error: error.name, message: error.message };
}
