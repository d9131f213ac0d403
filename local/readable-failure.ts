// Returns the text for an error that prevented a start: the cause and the remedy, and the stack trace only if the cause
// is unknown. `npm start` and the demo print it.

const UNDERSTOOD = new Set([
  'UnknownArgument',
  'BadSettings',
  'NotSynthesised',
  'NotSupported',
  'WrongUsage',
  'UnreadableState',
  'WrongSlack',
  'RangeError',
]);

/** @param again how to start with other ports */
export function readableFailure(error: unknown, again = 'PORT=3001 AWS_PORT=4567 npm start'): string {
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && error.code === 'EADDRINUSE') return portTaken(error, again);
  // The database of the saved tables can fail while no call waits for it. Then its error arrives here:
  // https://github.com/Level/abstract-level#errors
  if ('code' in error && String(error.code).startsWith('LEVEL_'))
    return `The saved tables cannot be read (${error.message}). Start without them: npm start -- --fresh`;
  return UNDERSTOOD.has(error.name) ? error.message : (error.stack ?? error.message);
}

function portTaken(error: Error, again: string): string {
  const port = 'port' in error ? String(error.port) : '';
  // Slack divides an app's requests between all processes that use the app's tokens.
  if (process.env['SLACK_APP_TOKEN'])
    return `Port ${port} is taken. If "npm start" runs already, end it first: two at once in one Slack would each receive part of the presses. If another program uses the port, start with another one from now on: AWS_PORT=4567 npm start`;
  return `Port ${port} is taken, perhaps by another start. End that, or choose others: ${again}`;
}
