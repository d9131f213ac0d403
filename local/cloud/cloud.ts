// The local cloud: runs what CDK synthesised, on this machine. Whoever starts the local world starts it, and tests
// move its time.
import type { Clock } from '../clock.ts';
import { keepNothing, NotKept, type Keep } from '../persistence.ts';
import { createAccess } from './services/iam/access.ts';
import { readAssembly } from './template/assembly.ts';
import { createRules, type Rules } from './services/eventbridge/event-rules.ts';
import type { Foundation, Log } from './core/context.ts';
import { functionOperations } from './services/lambda/function-operations.ts';
import { functionUrl } from './services/lambda/function-url.ts';
import { gateway, type Services } from './gateway/gateway.ts';
import { createGuard } from './gateway/authorize.ts';
import { createLambda, type Lambda } from './services/lambda/functions.ts';
import { readModel } from './template/model.ts';
import { createOutages } from './core/outages.ts';
import { queueOperations } from './services/sqs/queue-operations.ts';
import { createQueues, type Queues } from './services/sqs/queues.ts';
import { secretOperations } from './services/secrets-manager/secrets.ts';
import { resume } from './core/resume.ts';
import { nowhere, openSite, type Site } from './gateway/endpoints.ts';
import { stateText } from './core/state-text.ts';
import type { CloudState } from './core/state.ts';
import { executionOperations } from './services/step-functions/execution-operations.ts';
import { createInterpreter } from './services/step-functions/interpreter.ts';
import { machineOperations } from './services/step-functions/machine-operations.ts';
import { createTasks } from './services/step-functions/tasks.ts';
import { createMissing, createTables } from './services/dynamodb/tables.ts';
import { createTimers, type TimerHandlers, type Timers } from './core/timers.ts';
import { createTopics } from './services/sns/topics.ts';
import { update } from './update-stack.ts';

export interface CloudOptions {
  /** Folder of the cloud assembly, with exactly one stack in it. */
  readonly assembly: string;
  readonly clock: Clock;
  /** 0 picks a free one; on 127.0.0.1 only. Or where the cloud is to be, opened before. */
  readonly port: number | Site;
  /** What outlives this process; nothing, unless it is given. */
  readonly keep?: Keep;
  /** What an operator does after the deployment, before any function runs. */
  readonly prepare?: (cloud: Pick<Cloud, 'url' | 'outputs'>) => Promise<void>;
  /** Laid over the environment of the function of this name: what a machine provides, such as SLACK_API_URL. */
  readonly environment: (
    functionName: string,
    own: Readonly<Record<string, string>>,
    awsUrl: string,
  ) => Readonly<Record<string, string>>;
  readonly log: Log;
}

export interface Cloud {
  /** The AWS endpoint. */
  readonly url: string;
  /** The stack's outputs, by their logical ids. */
  readonly outputs: Readonly<Record<string, string>>;
  /** How many executions run. */
  readonly running: number;
  /** Moves the clock to each timer due on the way, in order, lets what follows settle, then moves it to the end. */
  advance(milliseconds: number): Promise<void>;
  /** Resolves when nothing is running and no timer is due. A waiting task token is not running. */
  settled(): Promise<void>;
  /**
   * Puts the stack of another assembly in the place of this one. Refused, and nothing changed, unless it has the same
   * tables with their indexes, queues, topics, state machines and secrets; there may be more. All else may be different.
   */
  update(assembly: string): Promise<void>;
  /** Every call of a service (`dynamodb`, `states`, `SNS` …) by a function fails from now on, by this error. */
  refuse(service: string, error?: string): void;
  relent(service: string): void;
  /** Ends at once whatever runs of the function of this name. */
  kill(functionName: string): void;
  /** The next invocation of each function is a cold start. */
  coolDown(): void;
  /** Delivers the last message delivered from this queue (logical id, URL or ARN) once more, as SQS may. */
  redeliver(queue: string): Promise<void>;
  close(): Promise<void>;
}

export async function startCloud(options: CloudOptions): Promise<Cloud> {
  const { clock, port, environment, log, keep = keepNothing } = options;
  const assembly = readAssembly(options.assembly);
  // Before anything is opened: it refuses all that cannot run here.
  const { functionUrls } = readModel(assembly, nowhere);
  const site = typeof port === 'number' ? await openSite(port, log) : port;
  await site.open(functionUrls);
  const model = readModel(assembly, site.addresses);
  const state = keep.part('cloud', emptyState(clock.now()), stateText());
  const timers = createTimers({ clock, list: state.timers, changed: keep.keepSoon });
  const foundation = { model, state, access: createAccess(model), clock, timers, kept: keep.kept, log };
  const outages = createOutages();
  const lambda = createLambda(foundation, (name, own) => ({
    AWS_ENDPOINT_URL: site.url,
    ...environment(name, own, site.url),
  }));
  const queues = createQueues(foundation, lambda);
  const rules = createRules(foundation, queues);
  const { services, handlers } = createServices(foundation, lambda, queues, rules);
  site.serve(
    gateway(services, createTables(keep.tables), createGuard(foundation, outages), foundation),
    (id) => functionUrl(id, foundation, lambda),
  );
  const wrong = await createMissing(site.url, model.tables);
  if (wrong !== undefined) throw new NotKept(keep.tables ?? '', wrong);
  await options.prepare?.({ url: site.url, outputs: model.outputs });
  resume(foundation);
  rules.startSchedules();
  timers.start(handlers);
  await keep.kept();
  return {
    url: site.url,
    get outputs() {
      return model.outputs;
    },
    get running() {
      return Object.values(state.executions).filter(({ status }) => status === 'RUNNING').length;
    },
    ...controls(timers, queues),
    refuse: (service, error) => outages.refuse(service, error),
    relent: (service) => outages.relent(service),
    kill: (functionName) => lambda.kill(functionName),
    coolDown: () => lambda.coolDown(),
    update: (folder) => update(folder, foundation, site, rules),
    async close() {
      timers.stop();
      await Promise.all([site.close(), lambda.close()]);
      await keep.kept();
    },
  };
}

function emptyState(startedAt: number): CloudState {
  return { startedAt, timers: [], executions: {}, taskTokens: {}, queues: {}, secrets: {} };
}

function controls(timers: Timers, queues: Queues): Pick<Cloud, 'advance' | 'settled' | 'redeliver'> {
  return {
    advance: (milliseconds) => timers.advance(milliseconds),
    settled: () => timers.settled(),
    async redeliver(queue) {
      queues.redeliver(queue);
      await timers.settled();
    },
  };
}

function createServices(foundation: Foundation, lambda: Lambda, queues: Queues, rules: Rules) {
  const topics = createTopics(foundation, queues);
  const startTask = createTasks(foundation, lambda, queues, topics);
  const interpreter = createInterpreter(foundation, startTask, rules.announce);
  const handlers: TimerHandlers = {
    ...interpreter.handlers,
    ...rules.handlers,
    queue_polled: (queueArn) => queues.poll(queueArn),
    invocation_timed_out: (invocation) => lambda.timeOut(invocation),
  };
  const services: Services = {
    AWSStepFunctions: { ...machineOperations(foundation), ...executionOperations(foundation, interpreter) },
    AmazonSQS: queueOperations(foundation, queues),
    secretsmanager: secretOperations(foundation),
    sns: topics.operations,
    lambda: functionOperations(foundation),
  };
  return { services, handlers };
}
