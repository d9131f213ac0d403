// Tests the connection that is opened at startup: the first call uses it, a closed one does no harm, and its host is the
// one that the SDK calls.
import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { setDefaultCACertificates } from 'node:tls';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ListStateMachinesCommand, SFNClient } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCertificate } from '../../bench/certificate.ts';

const certificate = createCertificate();
const connections: Socket[] = [];
let server: Server;
let preconnect: typeof import('../../aws/preconnect.ts').preconnect;
let usualEndpoint: typeof import('../../aws/preconnect.ts').usualEndpoint;

beforeAll(async () => {
  setDefaultCACertificates([certificate.cert]);
  // It reads what is trusted when it is evaluated.
  ({ preconnect, usualEndpoint } = await import('../../aws/preconnect.ts'));
  server = createServer(certificate, (_, response) => {
    response.setHeader('content-type', 'application/x-amz-json-1.0').end('{"stateMachines":[]}');
  });
  server.on('secureConnection', (socket) => connections.push(socket));
  await new Promise<void>((opened) => server.listen(0, '127.0.0.1', opened));
  process.env['AWS_ENDPOINT_URL_SFN'] = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  delete process.env['AWS_ENDPOINT_URL_SFN'];
  server.close();
  server.closeAllConnections();
});

describe('preconnect', () => {
  it('lets the first call use the open connection and keeps it for the next call', async () => {
    const opened = once(server, 'secureConnection');
    const client = new SFNClient(preconnect('states'));
    await opened;
    await client.send(new ListStateMachinesCommand({}));
    await client.send(new ListStateMachinesCommand({}));
    expect(connections).toHaveLength(1);
  });

  it('opens a new connection if the first one was closed', async () => {
    connections.length = 0;
    const opened = once(server, 'secureConnection');
    const client = new SFNClient(preconnect('states'));
    await opened;
    connections[0]?.destroy();
    expect(await client.send(new ListStateMachinesCommand({}))).toMatchObject({ stateMachines: [] });
    expect(connections).toHaveLength(2);
  });

  it('does not use the open connection for a call to another host', async () => {
    connections.length = 0;
    const opened = once(server, 'secureConnection');
    const endpoint = process.env['AWS_ENDPOINT_URL_SFN']?.replace('127.0.0.1', 'localhost') ?? '';
    const client = new SFNClient({ ...preconnect('states'), endpoint });
    await opened;
    // The server's certificate is for 127.0.0.1 only, so the call fails on a connection of its own.
    await expect(client.send(new ListStateMachinesCommand({}))).rejects.toThrow(/localhost/);
  });

  const regions = ['us-east-1', 'ap-southeast-3', 'us-gov-west-1', 'us-gov-east-1', 'cn-north-1'];
  const others = ['us-iso-east-1', 'us-isob-east-1', 'eu-isoe-west-1', 'eusc-de-east-1'];

  it.each(regions)('knows the host of each service in %s, as the SDK does', async (region) => {
    const known = ['dynamodb', 'states', 'secretsmanager'].map((service) =>
      usualEndpoint(service, { AWS_REGION: region }),
    );
    expect(known).toEqual(await hostsOfSdk(region, {}));
  });

  it.each([
    ...others.map((region) => ({ AWS_REGION: region })),
    { AWS_REGION: 'us-east-1', AWS_USE_FIPS_ENDPOINT: 'true' },
    { AWS_REGION: 'us-east-1', AWS_USE_DUALSTACK_ENDPOINT: 'true' },
    {},
  ])('knows no host, and opens no connection, with %o', (env) => {
    expect(usualEndpoint('dynamodb', env)).toBe(undefined);
  });

  it.each([
    ['AWS_USE_FIPS_ENDPOINT', 'https://states-fips.us-east-1.amazonaws.com'],
    ['AWS_USE_DUALSTACK_ENDPOINT', 'https://states.us-east-1.api.aws'],
  ])('lets the client use the endpoints of %s', async (name, host) => {
    const { AWS_ENDPOINT_URL_SFN: override } = process.env;
    delete process.env['AWS_ENDPOINT_URL_SFN'];
    process.env[name] = 'true';
    const settings = preconnect('states');
    delete process.env[name];
    process.env['AWS_ENDPOINT_URL_SFN'] = override;
    const [, states] = await hostsOfSdk('us-east-1', settings);
    expect(states).toBe(host);
  });
});

/** The hosts that the SDK calls for DynamoDB, Step Functions and Secrets Manager. */
async function hostsOfSdk(region: string, settings: object): Promise<readonly string[]> {
  const hosts: string[] = [];
  const { AWS_ENDPOINT_URL_SFN: override } = process.env;
  delete process.env['AWS_ENDPOINT_URL_SFN'];
  const requestHandler = {
    handle: ({ hostname }: { readonly hostname: string }) => {
      hosts.push(`https://${hostname}`);
      return Promise.reject(new Error('not sent'));
    },
  };
  const config = { ...settings, region, requestHandler, maxAttempts: 1 };
  await new DynamoDBClient(config).send(new ListTablesCommand({})).catch(() => undefined);
  await new SFNClient(config).send(new ListStateMachinesCommand({})).catch(() => undefined);
  await new SecretsManagerClient(config).send(new ListSecretsCommand({})).catch(() => undefined);
  process.env['AWS_ENDPOINT_URL_SFN'] = override;
  return hosts;
}
