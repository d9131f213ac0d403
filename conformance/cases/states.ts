// Step Functions: what states do with input and output.
import { ended, history, run, start } from '../calls.ts';
import { page, snapshot, type Case } from '../case.ts';

const invoked = snapshot('stepfunctions/v2/services/test_lambda_task_service');
const language = 'https://states-language.net/spec.html';

export const stateCases: readonly Case[] = [
  {
    name: 'a result of 262,144 bytes is accepted',
    source: page('step-functions/latest/dg/service-quotas.html'),
    async calls(aws) {
      // With its two quotation marks.
      const { status, output } = await run(aws, 'Work', { bytes: 262_142 });
      return { status, length: String(output).length };
    },
    answer: { status: 'SUCCEEDED', length: 262_142 },
  },
  {
    name: 'a function may return null, a number, a text or a list',
    source: snapshot('stepfunctions/v2/services/test_lambda_task'),
    async calls(aws) {
      const outputs = [];
      for (const returns of [null, 0, 'text', [], {}])
        outputs.push((await run(aws, 'Work', { returns })).output);
      return outputs;
    },
    answer: [null, 0, 'text', [], {}],
  },
  {
    name: 'Parameters put members with a path after the others, in the order of a hash table',
    source: snapshot('stepfunctions/v2/callback/test_callback'),
    async calls(aws) {
      const executionArn = await start(aws, 'Ordered', { v: 1 });
      await ended(aws, executionArn);
      const scheduled = (await history(aws, executionArn))[2]?.lambdaFunctionScheduledEventDetails;
      return Object.keys(JSON.parse(scheduled?.input ?? '{}')).join(' ');
    },
    answer: 'returns first arg2 arg1 TaskToken',
  },
  {
    name: 'lambda:invoke puts the function’s result, its version, a status and HTTP data into the output',
    source: invoked,
    async calls(aws) {
      const { status, output } = await run(aws, 'Invoke', { payload: { returns: 'HelloWorld' } });
      const { ExecutedVersion, Payload, StatusCode, SdkHttpMetadata } = Object(output);
      return {
        status,
        members: Object.keys(Object(output)).toSorted(),
        ExecutedVersion,
        Payload,
        StatusCode,
        http: SdkHttpMetadata?.HttpStatusCode,
        length: SdkHttpMetadata?.HttpHeaders['Content-Length'],
        headers: Object.keys(Object(SdkHttpMetadata?.AllHttpHeaders)).toSorted(),
      };
    },
    answer: {
      status: 'SUCCEEDED',
      members: ['ExecutedVersion', 'Payload', 'SdkHttpMetadata', 'SdkResponseMetadata', 'StatusCode'],
      ExecutedVersion: '$LATEST',
      Payload: 'HelloWorld',
      StatusCode: 200,
      http: 200,
      length: '12',
      headers: [
        'Connection',
        'Content-Length',
        'Content-Type',
        'Date',
        'X-Amz-Executed-Version',
        'X-Amzn-Trace-Id',
        'x-amzn-Remapped-Content-Length',
        'x-amzn-RequestId',
      ],
    },
  },
  {
    name: 'lambda:invoke sends a text as it is, and null as no payload',
    source: invoked,
    async calls(aws) {
      const payloads = [];
      for (const payload of ['"HelloWorld"', '0', '[]', '{}', null])
        payloads.push(Object((await run(aws, 'Invoke', { payload })).output).Payload);
      return payloads;
    },
    answer: ['HelloWorld', 0, [], {}, {}],
  },
  {
    name: 'the events of lambda:invoke are those of a task, with resource invoke of lambda',
    source: invoked,
    async calls(aws) {
      const executionArn = await start(aws, 'Invoke', { payload: null });
      await ended(aws, executionArn);
      const events = (await history(aws, executionArn)).slice(2, 5);
      const { resource, resourceType } = Object(events[2]?.taskSucceededEventDetails);
      return { types: events.map(({ type }) => type), resource, resourceType };
    },
    answer: {
      types: ['TaskScheduled', 'TaskStarted', 'TaskSucceeded'],
      resource: 'invoke',
      resourceType: 'lambda',
    },
  },
  {
    name: 'OutputPath $.Payload of lambda:invoke gives the function’s result to the next state',
    source: `${language}#input-output-processing`,
    calls: (aws) => run(aws, 'InvokeForPayload', { returns: 1 }),
    answer: { status: 'SUCCEEDED', output: 1 },
  },
  {
    name: 'InputPath and Parameters select what a Pass state adds to its whole input',
    source: snapshot('stepfunctions/v2/test_state/test_test_state_scenarios'),
    calls: (aws) => run(aws, 'SelectInput', { initial: { field: 'x', other: 1 }, unrelated: 2 }),
    answer: {
      status: 'SUCCEEDED',
      output: { initial: { field: 'x', other: 1 }, unrelated: 2, added: { given: 'value', taken: 'x' } },
    },
  },
  {
    name: 'InputPath null selects an empty object',
    source: snapshot('stepfunctions/v2/base/test_base'),
    calls: (aws) => run(aws, 'SelectNothing', { left: 'out' }),
    answer: { status: 'SUCCEEDED', output: { from: {} } },
  },
  {
    name: 'sns:publish puts the message’s id and HTTP data into the output',
    source: snapshot('stepfunctions/v2/services/test_sns_task_service'),
    async calls(aws) {
      const { status, output } = await run(aws, 'Publish', { message: aws.unique('published') });
      return {
        status,
        members: Object.keys(Object(output)).toSorted(),
        http: Object(output).SdkHttpMetadata?.HttpStatusCode,
      };
    },
    answer: {
      status: 'SUCCEEDED',
      members: ['MessageId', 'SdkHttpMetadata', 'SdkResponseMetadata'],
      http: 200,
    },
  },
  {
    name: 'Choice: StringEquals compares texts only, and IsPresent finds null too',
    source: snapshot('stepfunctions/v2/choice_operators/test_is_operators'),
    async calls(aws) {
      const inputs = [
        { side: 'buy' },
        { side: 'Buy' },
        { side: 1 },
        { side: 'x', note: null },
        { side: 'x', note: 'none' },
      ];
      const outputs = [];
      for (const input of inputs) outputs.push((await run(aws, 'Choose', input)).output);
      return outputs;
    },
    answer: ['buy', 'neither', 'neither', 'noted', 'neither'],
  },
  {
    name: 'a Choice without a rule that matches and without Default is States.NoChoiceMatched',
    source: `${language}#choice-state`,
    async calls(aws) {
      const { status, error } = await run(aws, 'ChooseOnly', { side: 'sell' });
      return { status, error };
    },
    answer: { status: 'FAILED', error: 'States.NoChoiceMatched' },
  },
  {
    name: 'ResultPath adds members on its way, and null keeps the input',
    source: `${language}#input-output-processing`,
    calls: (aws) => run(aws, 'Place', { kept: 1 }),
    answer: { status: 'SUCCEEDED', output: { kept: 1, a: { b: 1 } } },
  },
  {
    name: 'a ResultPath into a value that is not an object is States.ResultPathMatchFailure',
    source: `${language}#appendix-a`,
    async calls(aws) {
      const { status, error } = await run(aws, 'Place', { a: 'text' });
      return { status, error };
    },
    answer: { status: 'FAILED', error: 'States.ResultPathMatchFailure' },
  },
  {
    name: 'a Wait state waits for the seconds at its SecondsPath, and gives its input to the next state',
    source: snapshot('stepfunctions/v2/base/test_wait'),
    calls: (aws) => run(aws, 'Wait', { seconds: 1 }),
    answer: { status: 'SUCCEEDED', output: { seconds: 1 } },
  },
  {
    name: 'a Fail state reads its Error and Cause at ErrorPath and CausePath',
    source: snapshot('stepfunctions/v2/base/test_base'),
    calls: (aws) => run(aws, 'FailFromInput', { Error: 'error string', Cause: 'cause string' }),
    answer: { status: 'FAILED', error: 'error string', cause: 'cause string' },
  },
  {
    name: 'a Fail state ends the execution with its Error and Cause',
    source: snapshot('stepfunctions/v2/base/test_base'),
    calls: (aws) => run(aws, 'Fail'),
    answer: { status: 'FAILED', error: 'FailsAlways', cause: 'It is a Fail state.' },
  },
];
