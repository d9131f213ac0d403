// What a person reads when the local world did not start: the cause and the way out, without a stack where the cause
// is known. `npm start` and the demo print it.

const UNDERSTOOD = new Set([
  'UnknownArgument',
  'BadSettings',
  'NotSynthesised',
  'NotSupported',
  'UnreadableState',
  'WrongSlack',
  'RangeError',
]);

export function readableFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && error.code === 'EADDRINUSE') return portTaken(error);
  // The tables' database, which fails outside every call: https://github.com/Level/abstract-level#errors
  if ('code' in error && String(error.code).startsWith('LEVEL_'))
    return `The tables that were kept cannot be read (${error.message}). Forget them and start anew: npm start -- --fresh`;
  return UNDERSTOOD.has(error.name) ? error.message : (error.stack ?? error.message);
}

function portTaken(error: Error): string {
  const port = 'port' in error ? String(error.port) : '';
  // Of one app's tokens, two at once would take each other's presses.
  if (process.env['SLACK_APP_TOKEN'])
    return `Port ${port} is taken. If "npm start" runs already, end it first: of two at once in one Slack, each gets a part of the presses. If something else has the port: AWS_PORT=4567 npm start, from then on`;
  return `Port ${port} is taken, perhaps by another "npm start". End that, or choose others: PORT=3001 AWS_PORT=4567 npm start`;
}
