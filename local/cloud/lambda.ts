// Invokes Lambda functions, each event in a worker thread of its own for that time: a new one when all are busy (a
// cold start), idle ones kept. The interpreter, the queues and the function URLs invoke through it.
import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import type { Clock } from '../clock.ts';
import { functionEnvironment } from './function-environment.ts';
import type { FunctionError, Outcome, WorkerAnswer, WorkerRequest, WorkerStart } from './lambda-messages.ts';
import type { Log } from './log.ts';
import type { FunctionModel } from './readers.ts';
import type { Timers } from './timers.ts';

export interface Lambda {
  /** Invokes by ARN or name and waits for the answer. */
  invoke(functionName: string, payload: string): Promise<Outcome>;
  /** The handler of `invocation_timed_out`. */
  timeOut(invocation: string): void;
  close(): Promise<void>;
}

interface LambdaOptions {
  readonly functions: readonly FunctionModel[];
  readonly endpoint: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
}

interface Invocation {
  readonly called: FunctionModel;
  readonly worker: Worker;
  readonly resolve: (outcome: Outcome) => void;
}

export function createLambda({
  functions,
  endpoint,
  environment,
  clock,
  timers,
  log,
}: LambdaOptions): Lambda {
  const idle = new Map<string, Worker[]>(functions.map(({ arn }) => [arn, []]));
  const alive = new Set<Worker>();
  const invocations = new Map<string, Invocation>();

  function end(id: string, outcome: Outcome): void {
    const invocation = invocations.get(id);
    if (!invocation) return;
    invocations.delete(id);
    timers.drop(({ subject }) => subject === id);
    const { called, worker, resolve } = invocation;
    if (!outcome.ok) reportFailure(called, id, outcome.error);
    if (alive.has(worker)) idle.get(called.arn)?.push(worker);
    resolve(outcome);
  }

  function reportFailure(
    called: FunctionModel,
    id: string,
    { errorType, errorMessage }: FunctionError,
  ): void {
    log({
      source: 'lambda',
      event: 'function_failed',
      function: called.name,
      invocation: id,
      errorType,
      errorMessage,
    });
  }

  function lost(worker: Worker, error: FunctionError): void {
    alive.delete(worker);
    for (const [arn, workers] of idle)
      idle.set(
        arn,
        workers.filter((one) => one !== worker),
      );
    for (const [id, { worker: busy }] of invocations) if (busy === worker) end(id, { ok: false, error });
  }

  function startWorker(called: FunctionModel): Worker {
    const { bundle, handler } = called;
    const workerData: WorkerStart = { bundle, handler, offset: clock.offset, context: contextOf(called) };
    const worker = new Worker(new URL('./lambda-worker.ts', import.meta.url), {
      workerData,
      env: { ...functionEnvironment(called, endpoint), ...environment },
      execArgv: [],
      stdout: true,
      stderr: true,
    });
    alive.add(worker);
    worker.on('message', ({ id, ...outcome }: WorkerAnswer) => end(id, outcome));
    worker.on('error', (error: Error) => lost(worker, crash(error)));
    worker.on('exit', (code) => lost(worker, exit(code)));
    for (const output of [worker.stdout, worker.stderr]) passOn(output, called);
    return worker;
  }

  function passOn(output: Readable, { name }: FunctionModel): void {
    createInterface({ input: output }).on('line', (line) => {
      log({ source: 'lambda', event: 'function_logged', function: name, line });
    });
  }

  return {
    invoke(functionName, payload) {
      const called = functions.find(({ arn, name }) => arn === functionName || name === functionName);
      if (!called) throw new Error(`There is no function ${functionName}`);
      const id = randomUUID();
      const worker = idle.get(called.arn)?.pop() ?? startWorker(called);
      const deadline = clock.now() + called.timeoutSeconds * 1000;
      timers.add({ due: deadline, kind: 'invocation_timed_out', subject: id });
      log({ source: 'lambda', event: 'function_invoked', function: called.name, invocation: id });
      const { promise, resolve } = Promise.withResolvers<Outcome>();
      invocations.set(id, { called, worker, resolve });
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
      worker.postMessage({ id, event: payload, deadline } satisfies WorkerRequest);
      timers.follow(promise);
      return promise;
    },
    timeOut(id) {
      const invocation = invocations.get(id);
      if (!invocation) return;
      const { called, worker } = invocation;
      const errorMessage = `RequestId: ${id} Error: Task timed out after ${called.timeoutSeconds.toFixed(2)} seconds`;
      lost(worker, { errorType: 'Sandbox.Timedout', errorMessage, trace: [] });
      void worker.terminate();
    },
    async close() {
      // Nobody waits for their answers any more.
      invocations.clear();
      await Promise.all([...alive].map((worker) => worker.terminate()));
    },
  };
}

function contextOf({ name, arn, memorySize }: FunctionModel): Readonly<Record<string, string>> {
  return {
    functionName: name,
    functionVersion: '$LATEST',
    invokedFunctionArn: arn,
    memoryLimitInMB: String(memorySize),
    logGroupName: `/aws/lambda/${name}`,
    logStreamName: 'local',
  };
}

function crash({ name, message, stack }: Error): FunctionError {
  return { errorType: name, errorMessage: message, trace: (stack ?? '').split('\n') };
}

function exit(code: number): FunctionError {
  return {
    errorType: 'Runtime.ExitError',
    errorMessage: `Runtime exited with exit status ${code}`,
    trace: [],
  };
}
