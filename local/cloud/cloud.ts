// Runs a synthesised stack on this machine in place of AWS. `world.ts`, `workspace.ts` and the tests start it through
// `index.ts`.
import type { Clock } from '../clock.ts';
import { noPersistence, UnreadableState, type Persistence } from '../persistence.ts';
import { createAccess } from './services/iam/access.ts';
import { readAssembly } from './template/assembly.ts';
import { createRules } from './services/eventbridge/event-rules.ts';
import type { Log } from './core/context.ts';
import { functionUrl } from './services/lambda/function-url.ts';
import { gateway } from './gateway/gateway.ts';
import { authorizeActions, createAuthorizer } from './gateway/authorize.ts';
import { createLambda } from './services/lambda/functions.ts';
import { NotSupported, readModel } from './template/model.ts';
import { createOutages, type Moment } from './core/outages.ts';
import { createEventSources, type EventSources } from './services/sqs/event-sources.ts';
import { createQueues } from './services/sqs/queues.ts';
import { conflicts, deployParameters, storedValue } from './services/ssm/parameters.ts';
import { resume } from './core/resume.ts';
import { noAddresses, openEndpoints, type Endpoints } from './gateway/endpoints.ts';
import { stateText } from './core/state-text.ts';
import type { CloudState } from './core/state.ts';
import { createBuckets } from './services/s3/buckets.ts';
import { createMissing, createTables } from './services/dynamodb/tables.ts';
import { createTimers, type Timers } from './core/timers.ts';
import { createServices } from './create-services.ts';
import { update } from './update-stack.ts';

export interface CloudOptions {
  /** Folder of the cloud assembly; it must contain exactly one stack. */
  readonly assembly: string;
  readonly clock: Clock;
  /** Port on 127.0.0.1; 0 picks a free one. Pass endpoints if they are open already. */
  readonly port: number | Endpoints;
  /** Saves the state between restarts; by default nothing is saved. */
  readonly persistence?: Persistence;
  /** Runs after the resources exist and before any function runs, for example to store a secret. */
  readonly prepare?: (cloud: Pick<Cloud, 'url' | 'outputs'>) => Promise<void>;
  /** Returns extra variables of a function, such as SLACK_API_URL. They override its variables in the stack (`own`). */
  readonly environment: (
    functionName: string,
    own: Readonly<Record<string, string>>,
    awsUrl: string,
  ) => Readonly<Record<string, string>>;
  /**
   * Access key id that operators need, if the stack has real tokens. They cannot read secrets then. By default any
   * credentials act as an operator.
   */
  readonly operatorKey?: string;
  readonly log: Log;
}

export interface Cloud {
  /** The AWS endpoint. */
  readonly url: string;
  /** The stack's outputs by logical id. */
  readonly outputs: Readonly<Record<string, string>>;
  /** The ARNs of the stack's state machines. */
  readonly stateMachines: readonly string[];
  /** Number of running executions. */
  readonly running: number;
  /** Number of invocations of functions that run now. */
  readonly invocations: number;
  /** Moves the clock forward by this time. At each timer that becomes due, waits until the timer's work has ended. */
  advance(milliseconds: number): Promise<void>;
  /** Resolves when no work is running and no timer is due. Waiting for a task token is not work. */
  settled(): Promise<void>;
  /**
   * Replaces the stack with that of another assembly. Throws, and changes nothing, if the new stack lacks a table,
   * index, queue, topic, state machine, secret or bucket of the old one, or changes a name or key. All else may differ.
   * A parameter gets a new version if its value in the template changed.
   */
  update(assembly: string): Promise<void>;
  /** Makes functions' calls to a service (`dynamodb`, `states`, `SNS`, `s3`, `ssm` …) fail with `error` until `stopFailing`. */
  refuse(service: string, error?: string): void;
  stopFailing(service: string): void;
  /** Makes the next call of a state to the service fail with status 500. Undefined cancels this. */
  failNextTask(service: 'SQS' | 'SNS', moment: Moment | undefined): void;
  /** Ends every running invocation of the function of this name at once. */
  kill(functionName: string): void;
  /**
   * Lambda refuses every invocation of the functions whose names `isThrottled` accepts, as if their concurrency were
   * used up, until the next call.
   */
  throttle(isThrottled: (functionName: string) => boolean): void;
  /** Makes the next invocation of each function a cold start. */
  coolDown(): void;
  /** Delivers the queue's last delivered message again, as SQS may. `queue` is a logical id, a URL or an ARN. */
  redeliver(queue: string): Promise<void>;
  close(): Promise<void>;
}

export async function startCloud(options: CloudOptions): Promise<Cloud> {
  const { clock, port, environment, log, persistence = noPersistence } = options;
  const assembly = readAssembly(options.assembly);
  // `readModel` throws if the stack cannot run here, so it runs before any port is opened.
  const state = persistence.part('cloud', emptyState(clock.now()), stateText());
  const stored = storedValue(state);
  const { functionUrls, parameters } = readModel(assembly, noAddresses, stored);
  const taken = conflicts(parameters, state);
  if (taken.length > 0) throw new NotSupported(`run ${assembly.stackName}`, taken);
  const endpoints = typeof port === 'number' ? await openEndpoints(port, log) : port;
  await endpoints.open(functionUrls);
  const model = readModel(assembly, endpoints.addresses, stored);
  const timers = createTimers({ clock, list: state.timers, changed: persistence.saveSoon });
  const context = { model, state, access: createAccess(model), clock, timers, saved: persistence.saved, log };
  deployParameters(context);
  const outages = createOutages();
  const lambda = createLambda(context, (name, own) => ({
    AWS_ENDPOINT_URL: endpoints.url,
    ...environment(name, own, endpoints.url),
  }));
  const queues = createQueues(context);
  const eventSources = createEventSources(context, queues, lambda);
  const rules = createRules(context, queues);
  const { services, handlers } = createServices(context, lambda, queues, eventSources, rules, outages);
  const authorizeAction = authorizeActions(context, outages, options.operatorKey);
  endpoints.serve(
    gateway(
      services,
      createTables(persistence.tables),
      createBuckets(context, authorizeAction),
      createAuthorizer(context, authorizeAction),
      context,
    ),
    (id) => functionUrl(id, context, lambda),
  );
  const wrong = await createMissing(endpoints.url, model.tables);
  if (wrong !== undefined) throw new UnreadableState(persistence.tables ?? '', wrong);
  await options.prepare?.({ url: endpoints.url, outputs: model.outputs });
  resume(context);
  rules.startSchedules();
  timers.start(handlers);
  await persistence.saved();
  return {
    url: endpoints.url,
    get outputs() {
      return model.outputs;
    },
    get stateMachines() {
      return model.stateMachines.map(({ arn }) => arn);
    },
    get running() {
      return Object.values(state.executions).filter(({ status }) => status === 'RUNNING').length;
    },
    get invocations() {
      return lambda.running;
    },
    ...controls(timers, eventSources),
    refuse: (service, error) => outages.refuse(service, error),
    stopFailing: (service) => outages.stopFailing(service),
    failNextTask: (service, moment) => outages.failNextTask(service, moment),
    kill: (functionName) => lambda.kill(functionName),
    throttle: (isThrottled) => lambda.throttle(isThrottled),
    coolDown: () => lambda.coolDown(),
    update: (folder) => update(folder, context, endpoints, rules),
    async close() {
      timers.stop();
      await Promise.all([endpoints.close(), lambda.close()]);
      await persistence.saved();
    },
  };
}

function emptyState(startedAt: number): CloudState {
  return {
    startedAt,
    timers: [],
    executions: {},
    taskTokens: {},
    queues: {},
    secrets: {},
    parameters: {},
    buckets: {},
  };
}

function controls(
  timers: Timers,
  eventSources: EventSources,
): Pick<Cloud, 'advance' | 'settled' | 'redeliver'> {
  return {
    advance: (milliseconds) => timers.advance(milliseconds),
    settled: () => timers.settled(),
    async redeliver(queue) {
      eventSources.redeliver(queue);
      await timers.settled();
    },
  };
}
