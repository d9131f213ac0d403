// Creates settings of an AWS SDK client that make the first call of a cold start faster. A connection starts to open
// before the first call, and the SDK reads no configuration files. `bot/prewarm.ts` calls it for each service that a
// button press needs.
import { Agent } from 'node:https';
import { isIP } from 'node:net';
import { connect, createSecureContext, type TLSSocket } from 'node:tls';

/** Maps the service name in an endpoint to the name in `AWS_ENDPOINT_URL_<name>`, which overrides the endpoint. */
const services = { dynamodb: 'DYNAMODB', secretsmanager: 'SECRETS_MANAGER', states: 'SFN' } as const;

/** Settings that the SDK would otherwise look for in configuration files. */
const fixedSettings = {
  defaultsMode: 'standard',
  maxAttempts: 3,
  retryMode: 'standard',
  useDualstackEndpoint: false,
  useFipsEndpoint: false,
  userAgentAppId: async () => undefined,
} as const;

/** Created once and shared, because its creation loads all trusted certificates. */
const secureContext = createSecureContext();

export function preconnect(service: keyof typeof services) {
  const httpsAgent = new Agent({ keepAlive: true, secureContext });
  const { env } = process;
  const override = env[`AWS_ENDPOINT_URL_${services[service]}`] ?? env['AWS_ENDPOINT_URL'];
  const endpoint = new URL(override ?? `https://${service}.${env['AWS_REGION']}.amazonaws.com`);
  if (endpoint.protocol === 'https:') useForFirstCall(httpsAgent, open(endpoint));
  return { ...fixedSettings, requestHandler: { httpsAgent } };
}

function open({ hostname: host, port }: URL): TLSSocket {
  return connect({ host, port: Number(port || 443), servername: isIP(host) ? '' : host, secureContext });
}

/** Makes the agent use this connection for the first call, if the connection still works. */
function useForFirstCall(agent: Agent, socket: TLSSocket): void {
  const create = agent.createConnection.bind(agent);
  let unused: TLSSocket | undefined = socket;
  socket.on('error', () => {
    unused = undefined;
  });
  agent.createConnection = (...args) => {
    const first = unused;
    unused = undefined;
    return first && !first.destroyed ? first : create(...args);
  };
}
