// A TCP proxy that adds network latency: one round trip to open the connection, then half a round trip in each
// direction. The stub puts its servers behind it.
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface ServiceLatency {
  /** Network round trip in milliseconds. */
  readonly roundTrip: number;
  /** Milliseconds that the service needs to process a request. */
  readonly service: number;
}

export async function startLatencyProxy(
  port: number,
  roundTrip: number,
): Promise<{ port: number; close(): void }> {
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1');
    // The local TCP handshake takes no time, so the first data waits for the round trip that a real handshake takes.
    forward(client, upstream, roundTrip / 2, Date.now() + roundTrip);
    forward(upstream, client, roundTrip / 2, 0);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}

function forward(from: Socket, to: Socket, delay: number, notBefore: number): void {
  const later = (done: () => void) => setTimeout(done, Math.max(0, notBefore - Date.now()) + delay);
  from.setNoDelay(true);
  from.on('data', (chunk) => later(() => to.write(chunk)));
  from.on('end', () => later(() => to.end()));
  from.on('error', () => to.destroy());
}
