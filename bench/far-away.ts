// Puts a server as far away as a service is in life: one round trip until the connection stands, half of one for what is
// sent, half for what comes back. The stub puts its servers behind it.
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface Distance {
  /** Milliseconds there and back. */
  readonly roundTrip: number;
  /** Milliseconds that the service itself takes. */
  readonly service: number;
}

export async function farAway(port: number, roundTrip: number): Promise<{ port: number; close(): void }> {
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    // The handshake of TCP is done on this machine at once: what comes first waits for it.
    carry(near, far, roundTrip / 2, Date.now() + roundTrip);
    carry(far, near, roundTrip / 2, 0);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}

function carry(from: Socket, to: Socket, delay: number, notBefore: number): void {
  const later = (done: () => void) => setTimeout(done, Math.max(0, notBefore - Date.now()) + delay);
  from.setNoDelay(true);
  from.on('data', (chunk) => later(() => to.write(chunk)));
  from.on('end', () => later(() => to.end()));
  from.on('error', () => to.destroy());
}
