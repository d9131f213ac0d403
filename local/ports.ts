// The ports of `npm start`, `npm run example` and `countersign local`: reads them, and reports a taken one before the
// synthesis, which takes seconds.
import { createServer } from 'node:net';

/** Variable or option → port, such as `{ PORT: 3000, AWS_PORT: 4566 }`. Port 0 picks a free one. */
export type Ports = Readonly<Record<string, number>>;

/** A port cannot be opened. The message says what to do. */
export class PortTaken extends Error {
  override readonly name = 'PortTaken';
}

/** Reads PORT (of the page) and AWS_PORT. Throws a `RangeError` that says what to do. */
export function readPorts(env: NodeJS.ProcessEnv): { readonly PORT: number; readonly AWS_PORT: number } {
  const ports = { PORT: portFrom(env, 'PORT', 3000), AWS_PORT: portFrom(env, 'AWS_PORT', 4566) };
  if (ports.PORT !== ports.AWS_PORT) return ports;
  throw new RangeError(
    `PORT and AWS_PORT are both ${ports.PORT}; give them different ports, such as PORT=3000 AWS_PORT=4566.`,
  );
}

/**
 * Runs `start`, which opens the ports, if all of them are free now. Throws {@link PortTaken} if one is taken, now or when
 * `start` opens it.
 * @param command how the operator starts the command with another port, such as `PORT=3001 npm start`
 */
export async function withFreePorts<Started>(
  ports: Ports,
  command: (name: string, port: number) => string,
  start: () => Promise<Started>,
): Promise<Started> {
  try {
    for (const port of Object.values(ports)) await checkFree(port);
    return await start();
  } catch (error) {
    const port = takenPort(error);
    const [name] = Object.entries(ports).find(([, each]) => each === port) ?? [];
    if (port === undefined || name === undefined) throw error;
    throw new PortTaken(problemWith(port, command(name, port + 1)));
  }
}

function problemWith(port: number, command: string): string {
  // Slack divides an app's requests between all processes that use the app's tokens.
  if (process.env['SLACK_APP_TOKEN'])
    return `Port ${port} is taken. If "npm start" runs already, stop it first: two at once in one Slack would each receive part of the presses. If another program uses the port, choose another one from now on: ${command}`;
  return `Port ${port} is taken, perhaps by another start. Stop that one, or choose another port: ${command}`;
}

function takenPort(error: unknown): number | undefined {
  if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) return undefined;
  return 'port' in error ? Number(error.port) : undefined;
}

async function checkFree(port: number): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  await new Promise((resolve) => {
    server.close(resolve);
  });
}

function portFrom(env: NodeJS.ProcessEnv, name: string, otherwise: number): number {
  const value = env[name];
  if (value === undefined || value === '') return otherwise;
  const port = Number(value);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw new RangeError(
    `${name} must be a port from 1 to 65535, such as ${name}=${otherwise}; it is "${value}".`,
  );
}
