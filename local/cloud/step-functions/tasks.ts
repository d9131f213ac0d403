// What a Task state does: invokes a function, sends to a queue and waits for its token, or publishes on a topic. The
// interpreter starts tasks here and is told how they end.
import { AwsError } from '../aws-error.ts';
import type { Clock } from '../../clock.ts';
import { asText, bytes, isObject, parse, type Json, type JsonObject } from '../json.ts';
import type { Outcome } from '../lambda-messages.ts';
import type { Lambda } from '../lambda.ts';
import { region } from '../names.ts';
import { md5, type Queues } from '../queues.ts';
import type { TaskToken } from '../state.ts';
import type { Timers } from '../timers.ts';
import type { Topics } from '../topics.ts';
import { contextOf } from './context.ts';
import { publish, sendAndWait, type TaskState } from './definition.ts';
import { record, type Details } from './history.ts';
import { MAX_PAYLOAD_BYTES, type Interpreter } from './interpreter.ts';
import { fill } from './paths.ts';
import { isAt, type Running } from './running.ts';
import { StateFailure } from './state-failure.ts';
import { newTaskToken } from './task-token.ts';

/** How a task tells its end. */
type Ending = Pick<Interpreter, 'succeed' | 'fail'>;
export type TaskStarter = (running: Running<TaskState>, then: Ending) => void;

interface TasksOptions {
  readonly taskTokens: Record<string, TaskToken>;
  readonly lambda: Lambda;
  readonly queues: Queues;
  readonly topics: Topics;
  readonly clock: Clock;
  readonly timers: Timers;
}

export function createTasks({
  taskTokens,
  lambda,
  queues,
  topics,
  clock,
  timers,
}: TasksOptions): TaskStarter {
  return (running, then) => {
    const { execution, current, state } = running;
    if (state.Resource === sendAndWait) {
      current.token = newTaskToken();
      taskTokens[current.token] = { execution: execution.arn, attempt: current.attempt };
    }
    const input = state.Parameters
      ? fill(state.Parameters, current.input, contextOf(running))
      : current.input;
    limited(JSON.stringify(input), `The input of state ${current.name}`);
    if (state.Resource === sendAndWait) return send(running, objectOf(input), then);
    if (state.Resource === publish) return publishOn(running, objectOf(input), then);
    invoke(running, JSON.stringify(input), then);
  };

  function note({ execution }: Running, type: string, details?: Details): void {
    record(execution, clock.now(), type, details);
  }

  function invoke(running: Running<TaskState>, input: string, then: Ending): void {
    const { Resource, TimeoutSeconds } = running.state;
    note(running, 'LambdaFunctionScheduled', { resource: Resource, input, timeoutInSeconds: TimeoutSeconds });
    note(running, 'LambdaFunctionStarted');
    timers.follow(answered(running, lambda.invoke(Resource, input), then));
  }

  async function answered(
    running: Running<TaskState>,
    invoked: Promise<Outcome>,
    then: Ending,
  ): Promise<void> {
    const { attempt } = running.current;
    const result = resultOf(await invoked, running);
    // The state may have timed out, or the execution been stopped, meanwhile.
    if (running.execution.current !== running.current || !isAt(running, attempt)) return;
    if (result instanceof StateFailure) {
      note(running, 'LambdaFunctionFailed', { error: result.error, cause: result.cause });
      return then.fail(running, result);
    }
    note(running, 'LambdaFunctionSucceeded', { output: result });
    then.succeed(running, parse(result));
  }

  function send(running: Running<TaskState>, parameters: JsonObject, then: Ending): void {
    scheduled(running, parameters);
    const queue = queues.find(asText(parameters['QueueUrl']));
    if (!queue)
      return failed(
        running,
        new StateFailure('SQS.QueueDoesNotExistException', 'The specified queue does not exist.'),
        then,
      );
    const body = asText(parameters['MessageBody']);
    const { id } = queues.send(queue, body);
    const answer = { MD5OfMessageBody: md5(body), MessageId: id };
    note(running, 'TaskSubmitted', { ...named(running), output: JSON.stringify(answer) });
  }

  function publishOn(running: Running<TaskState>, parameters: JsonObject, then: Ending): void {
    scheduled(running, parameters);
    const { TopicArn, Message, Subject } = parameters;
    try {
      const MessageId = topics.publish(
        asText(TopicArn),
        asText(Message),
        typeof Subject === 'string' ? Subject : undefined,
      );
      note(running, 'TaskSucceeded', { ...named(running), output: JSON.stringify({ MessageId }) });
      then.succeed(running, { MessageId });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      failed(running, new StateFailure(`SNS.${error.code}Exception`, error.message), then);
    }
  }

  function scheduled(running: Running<TaskState>, parameters: JsonObject): void {
    const details = {
      region,
      parameters: JSON.stringify(parameters),
      timeoutInSeconds: running.state.TimeoutSeconds,
    };
    note(running, 'TaskScheduled', { ...named(running), ...details });
    note(running, 'TaskStarted', named(running));
  }

  function failed(running: Running<TaskState>, failure: StateFailure, then: Ending): void {
    note(running, 'TaskFailed', { ...named(running), error: failure.error, cause: failure.cause });
    then.fail(running, failure);
  }
}

/** `resourceType` and `resource` of a service integration, as history events name it. */
export function named({ state }: Running<TaskState>): Details {
  const [resourceType, resource] = state.Resource.split(':').slice(-2);
  return { resourceType, resource };
}

function resultOf(outcome: Outcome, { current }: Running): string | StateFailure {
  if (!outcome.ok) return new StateFailure(outcome.error.errorType, JSON.stringify(outcome.error));
  if (bytes(outcome.payload) <= MAX_PAYLOAD_BYTES) return outcome.payload;
  return new StateFailure(
    'States.DataLimitExceeded',
    `The result of state ${current.name} is larger than ${MAX_PAYLOAD_BYTES} bytes`,
  );
}

function limited(text: string, what: string): void {
  if (bytes(text) <= MAX_PAYLOAD_BYTES) return;
  throw new StateFailure('States.DataLimitExceeded', `${what} is larger than ${MAX_PAYLOAD_BYTES} bytes`);
}

function objectOf(value: Json): JsonObject {
  return isObject(value) ? value : {};
}
