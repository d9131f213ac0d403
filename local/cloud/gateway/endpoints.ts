// The addresses of the cloud on this machine: the AWS endpoint, and one for each function URL. `startCloud` opens them,
// and an update of the stack opens new ones.
import type { Log } from '../core/context.ts';
import { listen, serve, type Answer, type Listener } from './http-server.ts';
import type { Model } from '../template/resource-readers.ts';
import type { Addresses } from '../template/resource-types.ts';

/** Placeholder for reading a template before any address is open. */
export const noAddresses: Addresses = { endpoint: '', functionUrls: new Map() };

export interface Endpoints {
  readonly url: string;
  readonly addresses: Addresses;
  /** Opens an address for each of these function URLs that has none. */
  open(urls: Model['functionUrls']): Promise<void>;
  /** Starts to answer requests. */
  serve(api: Answer, functionUrl: (id: string) => Answer): void;
  close(): Promise<void>;
}

/** Port 0 picks a free one. */
export async function openEndpoints(port: number, log: Log): Promise<Endpoints> {
  const endpoint = await listen(port);
  const urls = new Map<string, Listener>();
  let answering: ((id: string) => Answer) | undefined;

  return {
    url: endpoint.url,
    addresses: { endpoint: endpoint.url, functionUrls: urls },
    async open(wanted) {
      for (const { id } of wanted.filter((one) => !urls.has(one.id))) {
        const listener = await listen(0);
        urls.set(id, listener);
        if (answering) serve(listener, answering(id), log);
      }
    },
    serve(api, functionUrl) {
      answering = functionUrl;
      serve(endpoint, api, log);
      for (const [id, listener] of urls) serve(listener, functionUrl(id), log);
    },
    async close() {
      await Promise.all([endpoint, ...urls.values()].map((listener) => listener.close()));
    },
  };
}
