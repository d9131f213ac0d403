// A connection that is open before the first call: that call takes it, and one that is gone is no harm.
import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { setDefaultCACertificates } from 'node:tls';
import { ListStateMachinesCommand, SFNClient } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, expect, it } from 'vitest';
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

it('is taken by the first call, and kept for the next', async () => {
  const opened = once(server, 'secureConnection');
  const client = new SFNClient(preconnect('states'));
  await opened;
  await client.send(new ListStateMachinesCommand({}));
  await client.send(new ListStateMachinesCommand({}));
  expect(connections).toHaveLength(1);
});

it('is not missed where it is gone by then', async () => {
  connections.length = 0;
  const opened = once(server, 'secureConnection');
  const client = new SFNClient(preconnect('states'));
  await opened;
  connections[0]?.destroy();
  expect(await client.send(new ListStateMachinesCommand({}))).toMatchObject({ stateMachines: [] });
  expect(connections).toHaveLength(2);
});
