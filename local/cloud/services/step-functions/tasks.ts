// Runs a Task state: invokes a function, publishes to a topic, or sends a message to a queue and waits for the task
// token. The interpreter calls it.
import { randomBytes, randomUUID } from 'node:crypto';
import type { Caller } from '../iam/access.ts';
import type { CloudContext } from '../../core/context.ts';
import type { Outages } from '../../core/outages.ts';
import { asText, bytes, isObject, parse, tryParse, type Json, type JsonObject } from '../../core/json.ts';
import type { Lambda } from '../lambda/functions.ts';
import { invocationHeader } from '../lambda/lineage.ts';
import { AwsError } from '../../core/operations.ts';
import { md5, type Queues } from '../sqs/queues.ts';
import { region } from '../../template/resource-types.ts';
import type { Topics } from '../sns/topics.ts';
import { argumentsOf } from './data-flow.ts';
import { invoke, publish, sendAndWait, type TaskState } from './definition.ts';
import { limited, StateFailure, tooLargeResultOf } from './failure.ts';
import { recordTask } from './history.ts';
import { contextOf, type Running } from './running.ts';

/** The form of the task tokens that are issued here: 480 bytes in base64. */
export const TOKEN = /^[A-Za-z0-9+/]{640}$/;

/**
 * Resolves with the output, or with undefined if the task waits for its task token. Throws a StateFailure if the task's
 * input cannot be built, and rejects with one if the task fails.
 */
export type StartTask = (
  running: Running<TaskState>,
  timeoutInSeconds: number | undefined,
) => Promise<string | undefined>;

export function createTasks(
  { access, state: { taskTokens }, clock }: CloudContext,
  lambda: Lambda,
  queues: Queues,
  topics: Topics,
  outages: Outages,
): StartTask {
  return (running, timeoutInSeconds) => {
    const { execution, current, state } = running;
    if (state.Resource === sendAndWait) {
      current.token = randomBytes(480).toString('base64');
      taskTokens[current.token] = { execution: execution.arn, attempt: current.attempt };
    }
    const input = argumentsOf(state, current.input, contextOf(running));
    limited(JSON.stringify(input), `The input of state ${current.name} is too large`);
    const isService = [invoke, publish, sendAndWait].includes(state.Resource);
    return isService
      ? callService(running, input, timeoutInSeconds)
      : runFunction(running, JSON.stringify(input), timeoutInSeconds);
  };

  async function runFunction(
    running: Running<TaskState>,
    input: string,
    timeoutInSeconds: number | undefined,
  ): Promise<string> {
    const { Resource } = running.state;
    const details = { resource: Resource, input, timeoutInSeconds };
    recordTask(running, clock.now(), 'Scheduled', details);
    recordTask(running, clock.now(), 'Started');
    return limited(await answerOf(running, Resource, input), tooLargeResultOf(Resource));
  }

  /** What the function returns, as JSON. Rejects with the name of the error that it throws. */
  async function answerOf(running: Running, functionArn: string, payload: string): Promise<string> {
    const outcome = await asked('Lambda', () => {
      access.check(callerOf(running), 'lambda:InvokeFunction', functionArn);
      if (tryParse(payload) === undefined) throw new AwsError('InvalidRequestContentException', NOT_JSON);
      return lambda.invoke(functionArn, payload);
    });
    if (!outcome.ok) throw new StateFailure(outcome.error.errorType, JSON.stringify(outcome.error));
    return outcome.payload;
  }

  async function callService(
    running: Running<TaskState>,
    input: Json,
    timeoutInSeconds: number | undefined,
  ): Promise<string | undefined> {
    const details = { region, parameters: JSON.stringify(input), timeoutInSeconds };
    recordTask(running, clock.now(), 'Scheduled', details);
    recordTask(running, clock.now(), 'Started');
    const { FunctionName, Payload, TopicArn, Message, QueueUrl, MessageBody } = isObject(input) ? input : {};
    if (running.state.Resource === invoke) {
      // A text is sent as it is, and null as no payload, for which Lambda passes an empty object.
      const answer = await answerOf(running, asText(FunctionName), asText(Payload ?? {}));
      const output = {
        ExecutedVersion: LATEST,
        Payload: parse(answer),
        ...httpData(invokeHeaders(asText(FunctionName), answer), clock.now()),
        StatusCode: 200,
      };
      return limited(JSON.stringify(output), tooLargeResultOf('lambda'));
    }
    if (running.state.Resource === publish) {
      const MessageId = askedOnce('SNS', () => {
        access.check(callerOf(running), 'SNS:Publish', asText(TopicArn));
        return topics.publish(asText(TopicArn), messageText(Message));
      });
      return JSON.stringify({ MessageId, ...httpData(headers.SNS, clock.now()) });
    }
    const body = messageText(MessageBody);
    const MessageId = askedOnce('SQS', () => {
      access.check(callerOf(running), 'sqs:SendMessage', queues.named(asText(QueueUrl)).arn);
      return queues.send(asText(QueueUrl), body);
    });
    const answer = { MD5OfMessageBody: md5(body), MessageId, ...httpData(headers.SQS, clock.now()) };
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
  Lambda: {
    name: 'AWSLambda',
    classes: ['InvalidRequestContentException', 'ResourceNotFoundException', 'TooManyRequestsException'],
  },
  SNS: { name: 'AmazonSNS', classes: ['AuthorizationError', 'InvalidParameter', 'NotFound'] },
  SQS: { name: 'AmazonSQS', classes: ['QueueDoesNotExist'] },
};

const LATEST = '$LATEST';

/** The first part of Lambda's text, as reported: https://github.com/alexcasalboni/aws-lambda-power-tuning/issues/148 */
const NOT_JSON = 'Could not parse request body into json: Could not parse payload into json';

/** The headers of an answer that always has the same members. */
const headers = {
  SNS: { connection: 'keep-alive', 'Content-Length': '294', 'Content-Type': 'text/xml' },
  SQS: { connection: 'keep-alive', 'Content-Length': '106', 'Content-Type': 'application/x-amz-json-1.0' },
};

function invokeHeaders(functionArn: string, answer: string) {
  return {
    'X-Amz-Executed-Version': LATEST,
    'x-amzn-Remapped-Content-Length': '0',
    Connection: 'keep-alive',
    'Content-Length': String(bytes(answer)),
    'X-Amzn-Trace-Id': invocationHeader(functionArn.split(':').at(-1) ?? '', undefined),
    'Content-Type': 'application/json',
  };
}

/** The members that the client of the service adds to an answer. */
function httpData(sent: Readonly<Record<string, string>>, now: number): JsonObject {
  const RequestId = randomUUID();
  const HttpHeaders = { ...sent, 'x-amzn-RequestId': RequestId, Date: new Date(now).toUTCString() };
  const all = Object.entries(HttpHeaders).map(([name, value]): [string, Json] => [name, [value]]);
  return {
    SdkHttpMetadata: { AllHttpHeaders: Object.fromEntries(all), HttpHeaders, HttpStatusCode: 200 },
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
