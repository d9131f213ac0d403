// The local cloud: runs what CDK synthesised, on this machine. Whoever starts the local world starts it, and tests
// move its time.
import type { Clock } from '../clock.ts';
import { createAccess } from './access.ts';
import { readAssembly } from './assembly.ts';
import { createRules } from './event-rules.ts';
import type { Foundation, Log } from './foundation.ts';
import { functionOperations } from './function-operations.ts';
import { functionUrl } from './function-url.ts';
import { gateway, type Services } from './gateway.ts';
import { createGuard } from './guard.ts';
import { createLambda, type Lambda } from './lambda.ts';
import { listen, serve } from './listener.ts';
import { readModel } from './model.ts';
import { queueOperations } from './queue-operations.ts';
import { createQueues, type Queues } from './queues.ts';
import type { Model } from './readers.ts';
import { secretOperations } from './secrets.ts';
import type { CloudState } from './state.ts';
import { executionOperations } from './step-functions/execution-operations.ts';
import { createInterpreter } from './step-functions/interpreter.ts';
import { machineOperations } from './step-functions/machine-operations.ts';
import { createTasks } from './step-functions/tasks.ts';
import { createTable, createTables } from './tables.ts';
import { createTimers, type Timers } from './timers.ts';
import { createTopics } from './topics.ts';

export interface CloudOptions {
  /** Folder of the cloud assembly, with exactly one stack in it. */
  readonly assembly: string;
  readonly clock: Clock;
  /** 0 picks a free one; on 127.0.0.1 only. */
  readonly port: number;
  /** Laid over each function's environment: what a machine provides, such as SLACK_API_URL. */
  readonly environment: Readonly<Record<string, string>>;
  readonly log: Log;
}

export interface Cloud {
  /** The AWS endpoint. */
  readonly url: string;
  /** The stack's outputs, by their logical ids. */
  readonly outputs: Readonly<Record<string, string>>;
  /** Moves the clock to each timer due on the way, in order, lets what follows settle, then moves it to the end. */
  advance(milliseconds: number): Promise<void>;
  /** Resolves when nothing is running and no timer is due. A waiting task token is not running. */
  settled(): Promise<void>;
  /** Delivers the last message delivered from this queue (logical id, URL or ARN) once more, as SQS may. */
  redeliver(queue: string): Promise<void>;
  close(): Promise<void>;
}

export async function startCloud(options: CloudOptions): Promise<Cloud> {
  const { clock, port, environment, log } = options;
  const assembly = readAssembly(options.assembly);
  // Before anything is opened: it refuses all that cannot run here.
  const { functionUrls } = readModel(assembly, { endpoint: '', functionUrls: new Map() });
  const endpoint = await listen(port);
  const urls = new Map(await Promise.all(functionUrls.map(listenFor)));
  const model = readModel(assembly, { endpoint: endpoint.url, functionUrls: urls });
  const state = emptyState(clock.now());
  const timers = createTimers({ clock, list: state.timers });
  const foundation = { model, state, access: createAccess(model), clock, timers, log };
  const lambda = createLambda(foundation, { AWS_ENDPOINT_URL: endpoint.url, ...environment });
  const queues = createQueues(foundation, lambda);
  serve(
    endpoint,
    gateway(startServices(foundation, lambda, queues), createTables(), createGuard(foundation)),
    log,
  );
  for (const listener of urls.values())
    serve(listener, functionUrl(listener.functionArn, foundation, lambda), log);
  for (const table of model.tables) await createTable(endpoint.url, table);
  return {
    url: endpoint.url,
    outputs: model.outputs,
    ...controls(timers, queues),
    async close() {
      timers.stop();
      await Promise.all([endpoint, ...urls.values(), lambda].map((part) => part.close()));
    },
  };
}

async function listenFor({ id, functionArn }: Model['functionUrls'][number]) {
  return [id, { functionArn, ...(await listen(0)) }] as const;
}

function emptyState(startedAt: number): CloudState {
  return { startedAt, timers: [], executions: {}, taskTokens: {}, queues: {}, secrets: {} };
}

function controls(timers: Timers, queues: Queues): Omit<Cloud, 'url' | 'outputs' | 'close'> {
  return {
    advance: (milliseconds) => timers.advance(milliseconds),
    settled: () => timers.settled(),
    async redeliver(queue) {
      queues.redeliver(queue);
      await timers.settled();
    },
  };
}

function startServices(foundation: Foundation, lambda: Lambda, queues: Queues): Services {
  const topics = createTopics(foundation, queues);
  const startTask = createTasks(foundation, lambda, queues, topics);
  const rules = createRules(foundation, queues);
  const interpreter = createInterpreter(foundation, startTask, rules.announce);
  rules.startSchedules();
  foundation.timers.start({
    ...interpreter.handlers,
    ...rules.handlers,
    queue_polled: (queueArn) => queues.poll(queueArn),
    invocation_timed_out: (invocation) => lambda.timeOut(invocation),
  });
  return {
    AWSStepFunctions: { ...machineOperations(foundation), ...executionOperations(foundation, interpreter) },
    AmazonSQS: queueOperations(foundation, queues),
    secretsmanager: secretOperations(foundation),
    sns: topics.operations,
    lambda: functionOperations(foundation),
  };
}
