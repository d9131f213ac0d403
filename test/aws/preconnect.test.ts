// Tests the connection that is opened at startup: the first call uses it, and a closed one does no harm.
import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { setDefaultCACertificates } from 'node:tls';
import { ListStateMachinesCommand, SFNClient } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCertificate } from '../../bench/certificate.ts';

const certificate = createCertificate();
const connections: Socket[] = [];
let server: Server;
let preconnect: typeof import('../../aws/preconnect.ts').preconnect;

beforeAll(async () => {
  setDefaultCACertificates([certificate.cert]);
  // It reads what is trusted when it is evaluated.
  ({ preconnect } = await import('../../aws/preconnect.ts'));
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
});
