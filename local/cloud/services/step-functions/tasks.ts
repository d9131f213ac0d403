// Runs a Task state: invokes a function, publishes to a topic, or sends a message to a queue and waits for the task
// token. The interpreter calls it.
import { randomBytes, randomUUID } from 'node:crypto';
import type { Caller } from '../iam/access.ts';
import type { CloudContext } from '../../core/context.ts';
import type { Outages } from '../../core/outages.ts';
import { asText, isObject, type Json, type JsonObject } from '../../core/json.ts';
import type { Lambda } from '../lambda/functions.ts';
import { AwsError } from '../../core/operations.ts';
import { md5, type Queues } from '../sqs/queues.ts';
import { region } from '../../template/resource-types.ts';
import type { Topics } from '../sns/topics.ts';
import { publish, sendAndWait, type TaskState } from './definition.ts';
import { limited, StateFailure, tooLargeResultOf } from './failure.ts';
import { recordTask } from './history.ts';
import { fill } from './paths.ts';
import { contextOf, type Running } from './running.ts';

/** The form of the task tokens that are issued here: 480 bytes in base64. */
export const TOKEN = /^[A-Za-z0-9+/]{640}$/;

/**
 * Resolves with the output, or with undefined if the task waits for its task token. Throws a StateFailure if the task's
 * input cannot be built, and rejects with one if the task fails.
 */
export type StartTask = (running: Running<TaskState>) => Promise<string | undefined>;

export function createTasks(
  { access, state: { taskTokens }, clock }: CloudContext,
  lambda: Lambda,
  queues: Queues,
  topics: Topics,
  outages: Outages,
): StartTask {
  return (running) => {
    const { execution, current, state } = running;
    if (state.Resource === sendAndWait) {
      current.token = randomBytes(480).toString('base64');
      taskTokens[current.token] = { execution: execution.arn, attempt: current.attempt };
    }
    const input = state.Parameters
      ? fill(state.Parameters, current.input, contextOf(running))
      : current.input;
    limited(JSON.stringify(input), `The input of state ${current.name} is too large`);
    const isService = state.Resource === sendAndWait || state.Resource === publish;
    return isService ? callService(running, input) : invoke(running, JSON.stringify(input));
  };

  async function invoke(running: Running<TaskState>, input: string): Promise<string> {
    const { Resource, TimeoutSeconds } = running.state;
    const details = { resource: Resource, input, timeoutInSeconds: TimeoutSeconds };
    recordTask(running, clock.now(), 'Scheduled', details);
    recordTask(running, clock.now(), 'Started');
    const outcome = await asked('Lambda', () => {
      access.check(callerOf(running), 'lambda:InvokeFunction', Resource);
      return lambda.invoke(Resource, input);
    });
    if (!outcome.ok) throw new StateFailure(outcome.error.errorType, JSON.stringify(outcome.error));
    return limited(outcome.payload, tooLargeResultOf(Resource));
  }

  async function callService(running: Running<TaskState>, input: Json): Promise<string | undefined> {
    const parameters = JSON.stringify(input);
    const details = { region, parameters, timeoutInSeconds: running.state.TimeoutSeconds };
    recordTask(running, clock.now(), 'Scheduled', details);
    recordTask(running, clock.now(), 'Started');
    const { TopicArn, Message, QueueUrl, MessageBody } = isObject(input) ? input : {};
    if (running.state.Resource === publish) {
      const MessageId = askedOnce('SNS', () => {
        access.check(callerOf(running), 'SNS:Publish', asText(TopicArn));
        return topics.publish(asText(TopicArn), messageText(Message));
      });
      return JSON.stringify({ MessageId, ...httpData('SNS', clock.now()) });
    }
    const body = messageText(MessageBody);
    const MessageId = askedOnce('SQS', () => {
      access.check(callerOf(running), 'sqs:SendMessage', queues.named(asText(QueueUrl)).arn);
      return queues.send(asText(QueueUrl), body);
    });
    const answer = { MD5OfMessageBody: md5(body), MessageId, ...httpData('SQS', clock.now()) };
    const output = JSON.stringify(answer);
    recordTask(running, clock.now(), 'Submitted', { output });
    return undefined;
  }

  /** Calls the service. A test can make the call fail, before or after the service carries it out. */
  function askedOnce<Answer>(service: 'SNS' | 'SQS', call: () => Answer): Answer {
    return asked(service, () => {
      outages.checkTask(service, 'before');
      const answer = call();
      outages.checkTask(service, 'after');
      return answer;
    });
  }
}

/** AWS generates the session's name. Here the session has the name of the execution. */
function callerOf({ execution: { machine, name } }: Running): Caller {
  return { roleArn: machine.roleArn, session: name };
}

/** AWS sends an empty message if there is no value, and the service refuses it. */
function messageText(value: Json | undefined): string {
  return asText(value ?? '');
}

/**
 * The clients with which Step Functions calls the services: their names, and the codes that have an exception class.
 * https://github.com/aws/aws-sdk-java
 */
const clients = {
  Lambda: { name: 'AWSLambda', classes: ['ResourceNotFoundException', 'TooManyRequestsException'] },
  SNS: { name: 'AmazonSNS', classes: ['AuthorizationError', 'InvalidParameter', 'NotFound'] },
  SQS: { name: 'AmazonSQS', classes: ['QueueDoesNotExist'] },
};

/** Type and length of an answer, which always has the same members. */
const answers = {
  SNS: { type: 'text/xml', length: '294' },
  SQS: { type: 'application/x-amz-json-1.0', length: '106' },
};

/** The members that the client of the service adds to an answer. */
function httpData(service: keyof typeof answers, now: number): JsonObject {
  const { type, length } = answers[service];
  const RequestId = randomUUID();
  const headers = {
    'x-amzn-RequestId': RequestId,
    connection: 'keep-alive',
    'Content-Length': length,
    Date: new Date(now).toUTCString(),
    'Content-Type': type,
  };
  const all = Object.entries(headers).map(([name, value]): [string, Json] => [name, [value]]);
  return {
    SdkHttpMetadata: {
      AllHttpHeaders: Object.fromEntries(all),
      HttpHeaders: headers,
      HttpStatusCode: 200,
    },
    SdkResponseMetadata: { RequestId },
  };
}

function asked<Answer>(service: keyof typeof clients, call: () => Answer): Answer {
  try {
    return call();
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const { code, status, message } = error;
    const { name, classes } = clients[service];
    const type = classes.includes(code) ? code.replace(/(Exception)?$/, 'Exception') : `${name}Exception`;
    const details = `Service: ${name}; Status Code: ${status}; Error Code: ${code}; Request ID: ${randomUUID()}; Proxy: null`;
    throw new StateFailure(`${service}.${type}`, `${message} (${details})`);
  }
}
