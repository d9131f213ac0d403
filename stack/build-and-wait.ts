// Runs esbuild with a plugin and waits for the result. `bundle.ts` calls it. CDK creates constructs synchronously, and
// esbuild's `buildSync` takes no plugins, so esbuild runs in a thread, and this thread blocks until it has finished.
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { BuildOptions } from 'esbuild';

export interface BuildThread {
  readonly port: MessagePort;
  /** The thread sets the first number to 1 after it has sent an answer. */
  readonly signal: Int32Array<SharedArrayBuffer>;
}

export interface BuildRequest {
  readonly options: BuildOptions & { readonly metafile: true };
}

export type BuildAnswer = { readonly inputs: readonly string[] } | { readonly failure: string };

/** A build takes less than a second. A thread that could not start never answers. */
const BUILD_TIMEOUT_MS = 60_000;

let started: BuildThread | undefined;

/**
 * Returns the paths of the bundled files.
 * @param options without plugins: the thread adds its own
 */
export function buildAndWait(options: BuildRequest['options']): readonly string[] {
  const { port, signal } = (started ??= startThread());
  Atomics.store(signal, 0, 0);
  port.postMessage({ options } satisfies BuildRequest);
  Atomics.wait(signal, 0, 0, BUILD_TIMEOUT_MS);
  const received: { readonly message: BuildAnswer } | undefined = receiveMessageOnPort(port);
  if (!received) throw new Error(`esbuild did not answer. Run node ${thread.pathname} to see why.`);
  if ('failure' in received.message) throw new Error(received.message.failure);
  return received.message.inputs;
}

const thread = new URL('build-thread.ts', import.meta.url);

/** The thread stays alive for the next build, and does not keep the process alive. */
function startThread(): BuildThread {
  const { port1: port, port2 } = new MessageChannel();
  const signal = new Int32Array(new SharedArrayBuffer(4));
  const workerData: BuildThread = { port: port2, signal };
  new Worker(thread, { workerData, transferList: [port2], execArgv: [] }).unref();
  port.unref();
  return { port, signal };
}
