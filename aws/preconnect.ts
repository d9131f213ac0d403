// Creates settings of an AWS SDK client that make the first call of a cold start faster. A connection starts to open
// before the first call, and the SDK reads no configuration files. `bot/prewarm.ts` calls it for each service that a
// button press needs.
import { Agent } from 'node:https';
import { isIP } from 'node:net';
import { connect, createSecureContext, type TLSSocket } from 'node:tls';

/** Maps the service name in an endpoint to the name in `AWS_ENDPOINT_URL_<name>`, which overrides the endpoint. */
const services = { dynamodb: 'DYNAMODB', secretsmanager: 'SECRETS_MANAGER', states: 'SFN' } as const;

/**
 * Settings that the SDK would otherwise look for in configuration files. `npm run bench:check` fails if one is missing.
 */
const fixedSettings = {
  accountIdEndpointMode: 'disabled',
  authSchemePreference: async () => [],
  defaultsMode: 'standard',
  disableClockSkewCorrection: false,
  // An endpoint in an environment variable is passed below.
  ignoreConfiguredEndpointUrls: true,
  maxAttempts: 3,
  retryMode: 'standard',
  userAgentAppId: async () => undefined,
} as const;

/** Created once and shared, because its creation loads all trusted certificates. */
const secureContext = createSecureContext();

export function preconnect(service: keyof typeof services) {
  const httpsAgent = new Agent({ keepAlive: true, secureContext });
  const { env } = process;
  const address = env[`AWS_ENDPOINT_URL_${services[service]}`] ?? env['AWS_ENDPOINT_URL'];
  const endpoint = URL.parse(address ?? usualEndpoint(service, env) ?? '');
  if (endpoint?.protocol === 'https:') useForFirstCall(httpsAgent, endpoint);
  return {
    ...fixedSettings,
    ...variants(env),
    ...(address && { endpoint: address }),
    requestHandler: { httpsAgent },
  };
}

/** https://docs.aws.amazon.com/sdkref/latest/guide/feature-endpoints.html */
function variants(env: NodeJS.ProcessEnv) {
  return {
    useFipsEndpoint: env['AWS_USE_FIPS_ENDPOINT'] === 'true',
    useDualstackEndpoint: env['AWS_USE_DUALSTACK_ENDPOINT'] === 'true',
  };
}

/**
 * The endpoint in commercial regions, AWS GovCloud (US) and China. Undefined for FIPS and dual-stack endpoints and in
 * other partitions, whose hosts follow other rules. Without a known host, the first call opens the connection.
 */
export function usualEndpoint(service: string, env: NodeJS.ProcessEnv): string | undefined {
  const region = env['AWS_REGION'] ?? '';
  const { useFipsEndpoint, useDualstackEndpoint } = variants(env);
  if (useFipsEndpoint || useDualstackEndpoint || !/^[a-z]{2}(-gov)?-[a-z]+-\d+$/.test(region))
    return undefined;
  return `https://${service}.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
}

/** Makes the agent use a connection that opens now for the first call, if the call is to this host. */
function useForFirstCall(agent: Agent, { hostname: host, port }: URL): void {
  const servername = isIP(host) ? '' : host;
  const create = agent.createConnection.bind(agent);
  let unused: TLSSocket | undefined = connect({ host, port: Number(port || 443), servername, secureContext });
  unused.on('error', () => {
    unused = undefined;
  });
  agent.createConnection = (...args) => {
    const first = args[0].host === host ? unused : undefined;
    if (first) unused = undefined;
    return first && !first.destroyed ? first : create(...args);
  };
}
