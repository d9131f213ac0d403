// Invokes Lambda functions in worker threads, one event per thread at a time. Reuses an idle thread of the function, or
// starts a new one (a cold start). Task states, queues and function URLs invoke functions through it.
import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import { Worker } from 'node:worker_threads';
import type { CloudContext } from '../../core/context.ts';
import { invocationHeader, isLoop } from './lineage.ts';
import type { FunctionError, Outcome, WorkerAnswer, WorkerRequest, WorkerStart } from './worker-messages.ts';
import { AwsError } from '../../core/operations.ts';
import type { FunctionModel } from '../../template/resource-readers.ts';
import { region } from '../../template/resource-types.ts';

export interface Lambda {
  /**
   * Invokes by ARN or name and resolves with the answer. Throws an AWS error if there is no such function or if it is
   * throttled. Calls `stream` with each streamed chunk, and without a chunk at the stream's end; the function may
   * continue after it.
   */
  invoke(functionName: string, payload: string, how?: HowToInvoke): Promise<Outcome>;
  /** Ends the invocation as timed out. Called when its timer `invocation_timed_out` is due. */
  timeOut(invocation: string): void;
  /** Ends all running invocations of a function at once, as when its machine is lost. */
  kill(functionName: string): void;
  /** Refuses every invocation of the functions that `isThrottled` accepts, until the next call. */
  throttle(isThrottled: (functionName: string) => boolean): void;
  /** Ends idle workers, so that the next invocation of each function is a cold start. */
  coolDown(): void;
  /** Number of invocations that run now. */
  readonly running: number;
  close(): Promise<void>;
}

interface HowToInvoke {
  readonly stream?: (chunk?: Uint8Array) => void;
  /** The trace header of the messages that cause the invocation. By default it is the first of a chain. */
  readonly traceHeader?: string | undefined;
}

type Environment = Readonly<Record<string, string>>;

interface Invocation {
  readonly called: FunctionModel;
  readonly worker: Worker;
  readonly resolve: (outcome: Outcome) => void;
  readonly stream?: ((chunk?: Uint8Array) => void) | undefined;
}

/** @param machine given a function's name and environment, returns the variables to add or replace */
export function createLambda(
  { model, clock, timers, saved, log }: CloudContext,
  machine: (functionName: string, own: Environment) => Environment,
): Lambda {
  const alive = new Set<Worker>();
  const idle = new Map<Worker, FunctionModel>();
  const invocations = new Map<string, Invocation>();
  let isThrottled = (_functionName: string): boolean => false;

  function end(id: string, outcome: Outcome): void {
    const invocation = invocations.get(id);
    if (!invocation) return;
    invocations.delete(id);
    timers.drop(({ subject }) => subject === id);
    const { called, worker, resolve } = invocation;
    if (!outcome.ok) {
      const { errorType, errorMessage } = outcome.error;
      report('function_failed', called, { invocation: id, errorType, errorMessage });
    }
    if (alive.has(worker)) idle.set(worker, called);
    resolve(outcome);
  }

  function lost(worker: Worker, error: FunctionError): void {
    alive.delete(worker);
    idle.delete(worker);
    for (const [id, { worker: busy }] of invocations) if (busy === worker) end(id, { ok: false, error });
  }

  function workerFor(called: FunctionModel): Worker {
    // Ends idle workers of functions that an update of the stack replaced.
    for (const [worker, one] of idle) if (!model.functions.includes(one)) void worker.terminate();
    const [ready] = [...idle].find(([, one]) => one === called) ?? [];
    if (!ready) return startWorker(called);
    idle.delete(ready);
    return ready;
  }

  function startWorker(called: FunctionModel): Worker {
    const { folder, bundle, exported } = called;
    const worker = new Worker(new URL('lambda-worker.ts', import.meta.url), {
      workerData: {
        folder,
        bundle,
        exported,
        offset: clock.offset,
        skew: clock.functionSkew,
      } satisfies WorkerStart,
      env: { ...environmentOf(called), ...machine(called.name, called.environment) },
      execArgv: [],
      stdout: true,
      stderr: true,
    });
    alive.add(worker);
    worker.on('message', ({ id, ...told }: WorkerAnswer) => {
      if ('streamed' in told) invocations.get(id)?.stream?.(told.chunk);
      else end(id, told);
    });
    worker.on('error', ({ name, message }: Error) => lost(worker, failure(name, message)));
    worker.on('exit', (code) => {
      lost(worker, failure('Runtime.ExitError', `Runtime exited with exit status ${code}`));
    });
    for (const input of [worker.stdout, worker.stderr])
      createInterface({ input }).on('line', (line) => report('function_logged', called, { line }));
    return worker;
  }

  function report(event: string, { name }: FunctionModel, more: Readonly<Record<string, string>>): void {
    log({ source: 'lambda', event, function: name, ...more });
  }

  return {
    invoke(functionName, payload, { stream, traceHeader } = {}) {
      const called = model.functions.find(({ name }) => name === functionName.split(':').at(-1));
      if (!called)
        throw new AwsError('ResourceNotFoundException', `Function not found: ${functionName}`, 404);
      const id = randomUUID();
      if (isLoop(called.name, traceHeader) && !called.mayRecurse) {
        report('recursive_invocation_dropped', called, { invocation: id });
        throw new AwsError('RecursiveInvocationException', 'Lambda has detected a recursive loop');
      }
      const running = [...invocations.values()].filter((one) => one.called === called).length;
      if (isThrottled(called.name) || running >= called.reservedConcurrency) {
        report('invocation_throttled', called, { invocation: id });
        // https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
        throw new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429);
      }
      const worker = workerFor(called);
      const deadline = clock.now() + called.timeoutSeconds * 1000;
      timers.add({ due: deadline, kind: 'invocation_timed_out', subject: id });
      report('function_invoked', called, { invocation: id });
      const { promise, resolve } = Promise.withResolvers<Outcome>();
      invocations.set(id, { called, worker, resolve, stream });
      const asked = { id, event: payload, deadline, traceHeader: invocationHeader(called.name, traceHeader) };
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
      void saved().then(() => worker.postMessage(asked satisfies WorkerRequest));
      timers.follow(promise);
      return promise;
    },
    timeOut(id) {
      const invocation = invocations.get(id);
      if (!invocation) return;
      const { called, worker } = invocation;
      const after = called.timeoutSeconds.toFixed(2);
      lost(
        worker,
        failure('Sandbox.Timedout', `RequestId: ${id} Error: Task timed out after ${after} seconds`),
      );
      void worker.terminate();
    },
    kill(functionName) {
      const killed = failure('Runtime.ExitError', 'Runtime exited with error: signal: killed');
      for (const { called, worker } of invocations.values()) {
        if (called.name !== functionName) continue;
        lost(worker, killed);
        void worker.terminate();
      }
    },
    throttle(next) {
      isThrottled = next;
    },
    coolDown() {
      for (const worker of idle.keys()) {
        alive.delete(worker);
        void worker.terminate();
      }
      idle.clear();
    },
    get running() {
      return invocations.size;
    },
    async close() {
      // Otherwise each terminated worker would report its invocation as failed.
      invocations.clear();
      await Promise.all([...alive].map((worker) => worker.terminate()));
    },
  };
}

/** Includes the variables that Lambda sets: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html */
function environmentOf({ environment, accessKeyId, name, memorySize }: FunctionModel) {
  return {
    ...environment,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memorySize),
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_REGION: region,
    AWS_SECRET_ACCESS_KEY: 'local',
    TZ: ':UTC',
  };
}

function failure(errorType: string, errorMessage: string): FunctionError {
  return { errorType, errorMessage, trace: [] };
}
