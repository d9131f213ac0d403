// One execution environment of a Lambda function, in a worker thread: loads the bundle, then handles one event at a
// time. `functions.ts` starts it.
import { parentPort, workerData } from 'node:worker_threads';
import { codeLoader } from './code-loader.ts';
import { isStreaming, responseStream, type StreamingHandler } from './response-stream.ts';
import type { FunctionError, WorkerAnswer, WorkerRequest, WorkerStart } from './worker-messages.ts';

type Buffered = (event: unknown, context: object) => unknown;
type Handler = Buffered | StreamingHandler;

const { folder, bundle, exported, offset, skew }: WorkerStart = workerData;
const ownSkew = new Float64Array(skew);
followClock(new Float64Array(offset));
const load = codeLoader(folder);

parentPort?.on('message', (request: WorkerRequest) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window's
  void answer(request).then((given) => parentPort?.postMessage(given));
});

async function answer({ id, event, deadline, traceHeader }: WorkerRequest): Promise<WorkerAnswer> {
  // https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
  process.env['_X_AMZN_TRACE_ID'] = traceHeader;
  try {
    const loaded: Record<string, Handler | undefined> = await load(bundle);
    const run = loaded[exported];
    if (!run) throw new Error(`${bundle} exports no function ${exported}`);
    if (!isStreaming(run) && run.length > 2)
      throw new Error(`Not supported by the local cloud: a handler with a callback. Make ${exported} async.`);
    const context = {
      awsRequestId: id,
      functionName: process.env['AWS_LAMBDA_FUNCTION_NAME'],
      // Lambda sets the deadline by the function's own clock.
      getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now() + (ownSkew[0] ?? 0)),
    };
    const result = isStreaming(run)
      ? await run(JSON.parse(event), responseStream(tell(id)), context)
      : await run(JSON.parse(event), context);
    return { id, ok: true, payload: JSON.stringify(result) ?? 'null' };
  } catch (error) {
    return { id, ok: false, error: describe(error) };
  } finally {
    // Flushes the log, so that its lines arrive before the answer.
    await Promise.all([process.stdout, process.stderr].map(flush));
  }
}

/** Returns a function that sends a chunk of the stream to the cloud. Called without a chunk, it ends the stream. */
function tell(id: string): (chunk?: Uint8Array) => void {
  return (chunk) => {
    const streamed: WorkerAnswer = { id, streamed: true, ...(chunk && { chunk }) };
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window's
    parentPort?.postMessage(streamed);
  };
}

function flush(output: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    output.write('', () => resolve());
  });
}

function describe(error: unknown): FunctionError {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
  const trace = (error.stack ?? '').split('\n');
  return { errorType: error.name, errorMessage: error.message, trace };
}

/** Makes `Date` in this thread follow the cloud's clock, which may differ from the machine's time, and the skew. */
function followClock(ahead: Float64Array): void {
  const RealDate = Date;
  const now = () => RealDate.now() + (ahead[0] ?? 0) + (ownSkew[0] ?? 0);
  globalThis.Date = new Proxy(RealDate, {
    construct(target, given: unknown[], newTarget) {
      const made: Date = Reflect.construct(target, given.length > 0 ? given : [now()], newTarget);
      return made;
    },
    apply: () => new RealDate(now()).toString(),
    get: (target, key, receiver) => (key === 'now' ? now : Reflect.get(target, key, receiver)),
  });
}
