// The local cloud: runs what CDK synthesised, on this machine. Whoever starts the local world starts it, and tests
// move its time.
import type { Server } from 'node:http';
import type { Clock } from '../clock.ts';
import { readAssembly, type Assembly } from './assembly.ts';
import { createRules } from './event-rules.ts';
import { functionOperations } from './function-operations.ts';
import { functionUrl } from './function-url.ts';
import { gateway, type Services } from './gateway.ts';
import { createLambda } from './lambda.ts';
import { listen, type Listener } from './listener.ts';
import type { Log } from './log.ts';
import { functionUrlIds, readModel, type Model } from './model.ts';
import type { Addresses } from './names.ts';
import { queueOperations } from './queue-operations.ts';
import { createQueues, type Queues } from './queues.ts';
import { secretOperations } from './secrets.ts';
import type { CloudState } from './state.ts';
import { checkDefinition } from './step-functions/check-definition.ts';
import { startStepFunctions } from './step-functions/step-functions.ts';
import { createTable, createTables } from './tables.ts';
import { createTimers, type Timers } from './timers.ts';
import { createTopics, topicOperations } from './topics.ts';

export interface CloudOptions {
  /** Folder of the cloud assembly, with exactly one stack in it. */
  readonly assembly: string;
  /** Every time read comes from it. */
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
  const { assembly: folder, clock, port, log } = options;
  const assembly = readAssembly(folder);
  check(assembly);
  const endpoint = await listen(port);
  const urls = await listenFor(functionUrlIds(assembly));
  const addresses = addressesOf(endpoint, urls);
  const { model } = readModel(assembly, addresses);
  const state: CloudState = { timers: [], executions: {}, taskTokens: {}, queues: {}, secrets: {} };
  const timers = createTimers({ clock, list: state.timers });
  const tables = createTables();
  const { queues, services, stop } = assemble({ ...options, model, state, timers, tables, addresses, urls });
  serve(endpoint.server, gateway(services), log);
  for (const { create } of model.tables) await createTable(endpoint.url, create);
  return {
    url: endpoint.url,
    outputs: model.outputs,
    advance: (milliseconds) => timers.advance(milliseconds),
    settled: () => timers.settled(),
    async redeliver(name) {
      const queue = queues.find(name);
      if (!queue) throw new Error(`There is no queue ${name}`);
      queues.redeliver(queue);
      await timers.settled();
    },
    async close() {
      timers.stop();
      await Promise.all([endpoint.close(), ...[...urls.values()].map((url) => url.close()), stop()]);
    },
  };
}

/** Refuses all that cannot run here, before anything is opened. */
function check(assembly: Assembly): void {
  const { model, findings } = readModel(assembly, { endpoint: 'http://127.0.0.1', functionUrls: new Map() });
  const all = new Set(findings);
  const functionArns = model.functions.map(({ arn }) => arn);
  for (const { name, definition } of model.stateMachines) {
    checkDefinition(definition, functionArns, (finding) => all.add(`state machine ${name}: ${finding}`));
  }
  if (all.size === 0) return;
  const list = [...all].map((finding) => `  - ${finding}`).join('\n');
  throw new Error(`The local cloud cannot run ${assembly.stackName}:\n${list}`);
}

async function listenFor(ids: readonly string[]): Promise<ReadonlyMap<string, Listener>> {
  return new Map(await Promise.all(ids.map(async (id) => [id, await listen(0)] as const)));
}

function addressesOf({ url }: Listener, urls: ReadonlyMap<string, Listener>): Addresses {
  return {
    endpoint: url,
    functionUrls: new Map([...urls].map(([id, listener]) => [id, `${listener.url}/`])),
  };
}

interface Parts extends CloudOptions {
  readonly model: Model;
  readonly state: CloudState;
  readonly timers: Timers;
  readonly tables: Server;
  readonly addresses: Addresses;
  readonly urls: ReadonlyMap<string, Listener>;
}

function assemble(parts: Parts): {
  readonly queues: Queues;
  readonly services: Services;
  readonly stop: () => Promise<void>;
} {
  const { model, state, timers, clock, log, environment, tables, addresses, urls } = parts;
  const lambda = createLambda({
    functions: model.functions,
    endpoint: addresses.endpoint,
    environment,
    clock,
    timers,
    log,
  });
  const { eventSources, subscriptions, rules } = model;
  const queues = createQueues({
    models: model.queues,
    eventSources,
    state: state.queues,
    lambda,
    clock,
    timers,
    log,
  });
  const topics = createTopics({ models: model.topics, subscriptions, queues, clock, log });
  const announce = createRules({ rules, queues, clock, log });
  const states = startStepFunctions({
    models: model.stateMachines,
    state,
    lambda,
    queues,
    topics,
    announce,
    clock,
    timers,
    log,
  });
  timers.start({
    ...states.fire,
    queue_polled: ({ subject }) => queues.poll(subject),
    invocation_timed_out: ({ subject }) => lambda.timeOut(subject),
  });
  const functionUrls = new Map<string, string>();
  for (const { id, functionArn } of model.functionUrls) {
    functionUrls.set(functionArn, addresses.functionUrls.get(id) ?? '');
    const listener = urls.get(id);
    if (listener) serve(listener.server, functionUrl({ id, functionArn, lambda, clock }), log);
  }
  const services: Services = {
    targets: {
      AWSStepFunctions: states.operations,
      AmazonSQS: queueOperations(queues, clock),
      secretsmanager: secretOperations({ models: model.secrets, state: state.secrets, clock }),
    },
    topics: topicOperations(topics),
    functions: functionOperations({ functions: model.functions, urls: functionUrls, startedAt: clock.now() }),
    tables,
  };
  return { queues, services, stop: () => lambda.close() };
}

type Answer = ReturnType<typeof gateway>;

/** A fault while answering is the caller's to see, as a 500; a caller that has gone away sees nothing. */
function serve(server: Server, answer: Answer, log: Log): void {
  server.on('request', (request, response) => {
    answer(request, response).catch((error: unknown) => {
      log({ source: 'gateway', event: 'request_failed', path: request.url, error: String(error) });
      if (!response.headersSent) response.statusCode = 500;
      response.end();
    });
  });
}
