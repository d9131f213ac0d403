// Returns the text for an error that prevented a start: the cause and the remedy, and the stack trace only if the cause
// is unknown. `npm start` and the demo print it.

const UNDERSTOOD = new Set([
  'UnknownArgument',
  'BadSettings',
  'NotSynthesised',
  'NotSupported',
  'PortTaken',
  'WrongUsage',
  'UnreadableState',
  'WrongSlack',
  'RangeError',
]);

export function readableFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // The database of the saved tables can fail while no call waits for it. Then its error arrives here:
  // https://github.com/Level/abstract-level#errors
  if ('code' in error && String(error.code).startsWith('LEVEL_'))
    return `The saved tables cannot be read (${error.message}). Start without them: npm start -- --fresh`;
  return UNDERSTOOD.has(error.name) ? error.message : (error.stack ?? error.message);
}
