// A client's settings for an environment in which the first call is the only one: its connection is opened at once, so that
// the handshakes pass while the rest of the bundle is evaluated, and nothing is looked for in files that are not there. The
// bot's entry has one for each service that a press calls.
import { Agent } from 'node:https';
import { isIP } from 'node:net';
import { connect, createSecureContext, type TLSSocket } from 'node:tls';

/** By their names in endpoints: their names in the variables that put another endpoint in the place of AWS's. */
const services = { dynamodb: 'DYNAMODB', secretsmanager: 'SECRETS_MANAGER', states: 'SFN' } as const;

/** What the SDK would read the configuration files for. */
const settled = {
  defaultsMode: 'standard',
  maxAttempts: 3,
  retryMode: 'standard',
  useDualstackEndpoint: false,
  useFipsEndpoint: false,
  userAgentAppId: async () => undefined,
} as const;

/** The certificates that are trusted, read once. */
const secureContext = createSecureContext();

export function preconnect(service: keyof typeof services) {
  const httpsAgent = new Agent({ keepAlive: true, secureContext });
  const { env } = process;
  const given = env[`AWS_ENDPOINT_URL_${services[service]}`] ?? env['AWS_ENDPOINT_URL'];
  const endpoint = new URL(given ?? `https://${service}.${env['AWS_REGION']}.amazonaws.com`);
  if (endpoint.protocol === 'https:') lendFirst(httpsAgent, open(endpoint));
  return { ...settled, requestHandler: { httpsAgent } };
}

function open({ hostname: host, port }: URL): TLSSocket {
  return connect({ host, port: Number(port || 443), servername: isIP(host) ? '' : host, secureContext });
}

/** The first call takes the open connection, if that still stands; where it does not, and later, calls open their own. */
function lendFirst(agent: Agent, early: TLSSocket): void {
  const create = agent.createConnection.bind(agent);
  let ready: TLSSocket | undefined = early;
  early.on('error', () => {
    ready = undefined;
  });
  agent.createConnection = (...asked) => {
    const taken = ready;
    ready = undefined;
    return taken && !taken.destroyed ? taken : create(...asked);
  };
}
