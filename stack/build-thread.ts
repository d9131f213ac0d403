// The thread in which esbuild runs with a plugin. `build-and-wait.ts` starts it, and sends it the options of each build.
import { workerData } from 'node:worker_threads';
import type { BuildAnswer, BuildRequest, BuildThread } from './build-and-wait.ts';
import { moduleShims } from './module-shims.ts';

const { port, signal }: BuildThread = workerData;

port.on('message', ({ options }: BuildRequest) => void respond(options));

async function respond(options: BuildRequest['options']): Promise<void> {
  port.postMessage(await answer(options));
  Atomics.store(signal, 0, 1);
  Atomics.notify(signal, 0);
}

async function answer(options: BuildRequest['options']): Promise<BuildAnswer> {
  try {
    // Imported here, so that an error of the import is an answer, too.
    const { build } = await import('esbuild');
    const { metafile } = await build({ ...options, plugins: [moduleShims] });
    return { inputs: Object.keys(metafile.inputs) };
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) };
  }
}
