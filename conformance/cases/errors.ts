// Step Functions: the names of errors, and how they are retried and caught.
import { ended, history, run, start } from '../calls.ts';
import { assumed, page, snapshot, type Case } from '../case.ts';

const errors = page('step-functions/latest/dg/concepts-error-handling.html');
const scenarios = snapshot('stepfunctions/v2/scenarios/test_base_scenarios');

/** The output, with the member `at` reduced to its error and a yes or no about the cause. */
function caughtIn(output: unknown, at: string, cause: RegExp) {
  const { [at]: caught } = Object(output);
  return { Error: caught?.Error, isCause: cause.test(caught?.Cause) };
}

export const errorCases: readonly Case[] = [
  {
    name: 'a retrier repeats the function MaxAttempts times before a catcher gets its error',
    source: scenarios,
    async calls(aws) {
      const executionArn = await start(aws, 'Work', { throws: 'Again', marker: 'kept' });
      const { status } = await ended(aws, executionArn);
      const types = (await history(aws, executionArn)).map(({ type }) => type);
      return { status, failures: types.filter((type) => type === 'LambdaFunctionFailed').length };
    },
    answer: { status: 'SUCCEEDED', failures: 3 },
  },
  {
    name: 'a catcher matches the name of the error that a function throws, and puts Error and Cause at its ResultPath',
    source: snapshot('stepfunctions/v2/error_handling/test_task_lambda'),
    async calls(aws) {
      const { status, output } = await run(aws, 'Work', { throws: 'Known', kept: 1 });
      const { kept } = Object(output);
      return { status, kept, ...caughtIn(output, 'known', /"errorType":"Known"/) };
    },
    answer: { status: 'SUCCEEDED', kept: 1, Error: 'Known', isCause: true },
  },
  {
    name: 'the cause of a failed Node function is JSON with errorType, errorMessage and trace',
    source: assumed,
    async calls(aws) {
      const { output } = await run(aws, 'Work', { throws: 'Known' });
      return Object.keys(JSON.parse(Object(output).known.Cause)).toSorted();
    },
    answer: ['errorMessage', 'errorType', 'trace'],
  },
  {
    name: 'States.TaskFailed catches any other error of a function',
    source: errors,
    async calls(aws) {
      const { status, output } = await run(aws, 'Work', { throws: 'Unknown' });
      return { status, ...caughtIn(output, 'taskFailed', /Unknown/) };
    },
    answer: { status: 'SUCCEEDED', Error: 'Unknown', isCause: true },
  },
  {
    name: 'States.TaskFailed does not catch States.Timeout; the event is LambdaFunctionTimedOut',
    source: snapshot('stepfunctions/v2/timeouts/test_timeouts'),
    async calls(aws) {
      const executionArn = await start(aws, 'WorkBriefly', { sleeps: 1.8 });
      const end = await ended(aws, executionArn);
      return { end, event: (await history(aws, executionArn)).at(-2)?.type };
    },
    answer: { end: { status: 'FAILED', error: 'States.Timeout' }, event: 'LambdaFunctionTimedOut' },
  },
  {
    name: 'a function that runs out of its own time fails with Sandbox.Timedout',
    source: errors,
    async calls(aws) {
      const { output } = await run(aws, 'Work', { sleeps: 5 });
      return caughtIn(output, 'taskFailed', /Task timed out after 4\.00 seconds/);
    },
    answer: { Error: 'Sandbox.Timedout', isCause: true },
  },
  {
    name: 'a result of more than 262,144 bytes is States.DataLimitExceeded, and is caught by that name',
    source: snapshot('stepfunctions/v2/error_handling/test_states_errors'),
    async calls(aws) {
      const { output } = await run(aws, 'Work', { bytes: 262_150 });
      return caughtIn(output, 'tooLarge', /returned a result with a size exceeding/);
    },
    answer: { Error: 'States.DataLimitExceeded', isCause: true },
  },
  {
    name: 'a path without a value in Parameters is States.Runtime, which is neither retried nor caught',
    source: scenarios,
    async calls(aws) {
      const { status, error, cause } = await run(aws, 'MissingPath', { 'int-literal': 0 });
      return { status, error, cause };
    },
    answer: {
      status: 'FAILED',
      error: 'States.Runtime',
      cause:
        "An error occurred while executing the state 'Work' (entered at the event id #2). The JSONPath '$.no_such_jsonpath' specified for the field 'value.$' could not be found in the input '{\"int-literal\":0}'",
    },
  },
  {
    name: 'a SecondsPath with a negative number or a fraction is States.Runtime',
    source: snapshot('stepfunctions/v2/base/test_wait'),
    async calls(aws) {
      const causes = [];
      for (const seconds of [-1, 1.5]) {
        const { error, cause } = await run(aws, 'Wait', { seconds });
        causes.push(error, cause?.split('(entered at the event id #2). ')[1]);
      }
      return causes;
    },
    answer: [
      'States.Runtime',
      'The SecondsPath parameter references a negative value: $.seconds == -1',
      'States.Runtime',
      'The SecondsPath parameter cannot be parsed as a long value: $.seconds == 1.5',
    ],
  },
  {
    name: 'a task times out after the seconds at its TimeoutSecondsPath, which are in its TaskScheduled event',
    source: snapshot('stepfunctions/v2/timeouts/test_timeouts'),
    async calls(aws) {
      const executionArn = await start(aws, 'InvokeInTime', { payload: { sleeps: 1.8 }, seconds: 1 });
      const end = await ended(aws, executionArn);
      const events = await history(aws, executionArn);
      const { timeoutInSeconds } = Object(events[2]?.taskScheduledEventDetails);
      return { end, event: events.at(-2)?.type, timeoutInSeconds };
    },
    answer: {
      end: { status: 'FAILED', error: 'States.Timeout' },
      event: 'TaskTimedOut',
      timeoutInSeconds: 1,
    },
  },
  {
    name: 'a TimeoutSecondsPath without a value is States.Runtime before the task, with the missing path in its cause',
    source: scenarios,
    async calls(aws) {
      const executionArn = await start(aws, 'InvokeInTime', { payload: null });
      const { status, error, cause } = await ended(aws, executionArn);
      return { status, error, cause, events: (await history(aws, executionArn)).length };
    },
    answer: {
      status: 'FAILED',
      error: 'States.Runtime',
      cause:
        "An error occurred while executing the state 'Invoke' (entered at the event id #2). Invalid path '$.seconds' : No results for path: $['seconds']",
      events: 3,
    },
  },
  {
    name: 'a TimeoutSecondsPath with zero, a negative number or a text is States.Runtime',
    source: assumed,
    async calls(aws) {
      const found = [];
      for (const seconds of [0, -1, '1'])
        found.push((await run(aws, 'InvokeInTime', { payload: null, seconds })).error);
      return found;
    },
    answer: ['States.Runtime', 'States.Runtime', 'States.Runtime'],
  },
  {
    name: 'an OutputPath without a value is States.Runtime, with the missing path in its cause',
    source: scenarios,
    async calls(aws) {
      const { status, error, cause } = await run(aws, 'MissingOutput', { 'int-literal': 0 });
      return { status, error, cause };
    },
    answer: {
      status: 'FAILED',
      error: 'States.Runtime',
      cause:
        "An error occurred while executing the state 'Pass' (entered at the event id #2). Invalid path '$.NoSuchOutputPath' : No results for path: $['NoSuchOutputPath']",
    },
  },
  {
    name: 'lambda:invoke fails with the name of the error that the function throws, and OutputPath leaves the caught error as it is',
    source: snapshot('stepfunctions/v2/error_handling/test_task_service_lambda'),
    async calls(aws) {
      const { status, output } = await run(aws, 'InvokeForPayload', { throws: 'Known', kept: 1 });
      const { kept } = Object(output);
      return { status, kept, ...caughtIn(output, 'caught', /"errorType":"Known"/) };
    },
    answer: { status: 'SUCCEEDED', kept: 1, Error: 'Known', isCause: true },
  },
  {
    name: 'a result of lambda:invoke that is too large is States.DataLimitExceeded of lambda',
    source: snapshot('stepfunctions/v2/error_handling/test_states_errors'),
    async calls(aws) {
      const { output } = await run(aws, 'InvokeForPayload', { bytes: 262_150 });
      return caughtIn(
        output,
        'tooLarge',
        /^The state\/task 'lambda' returned a result with a size exceeding/,
      );
    },
    answer: { Error: 'States.DataLimitExceeded', isCause: true },
  },
  {
    name: 'lambda:invoke with a text that is not JSON fails with Lambda.InvalidRequestContentException',
    source: assumed,
    async calls(aws) {
      const { status, error, cause } = await run(aws, 'Invoke', { payload: 'test data' });
      return { status, error, isCause: cause?.startsWith('Could not parse request body into json: ') };
    },
    answer: { status: 'FAILED', error: 'Lambda.InvalidRequestContentException', isCause: true },
  },
  {
    name: 'an empty MessageBody fails the state with SQS.AmazonSQSException',
    source: snapshot('stepfunctions/v2/error_handling/test_task_service_sqs'),
    async calls(aws) {
      const { status, output } = await run(aws, 'EmptyMessage', { body: null });
      const cause =
        /^The request must contain the parameter MessageBody\. \(Service: AmazonSQS; Status Code: 400; Error Code: MissingParameter;/;
      return { status, ...caughtIn(output, 'service', cause) };
    },
    answer: { status: 'SUCCEEDED', Error: 'SQS.AmazonSQSException', isCause: true },
  },
  {
    name: 'sns:publish to a topic that does not exist fails with SNS.NotFoundException',
    source: snapshot('stepfunctions/v2/services/test_sns_task_service'),
    async calls(aws) {
      const { status, error, cause } = await run(aws, 'PublishToNobody', { message: 'x' });
      const expected = /^Topic does not exist \(Service: AmazonSNS; Status Code: 404; Error Code: NotFound; /;
      return { status, error, isCause: expected.test(cause ?? '') };
    },
    answer: { status: 'FAILED', error: 'SNS.NotFoundException', isCause: true },
  },
  {
    name: 'sns:publish with an empty message fails with SNS.InvalidParameterException',
    source: assumed,
    async calls(aws) {
      const { status, error } = await run(aws, 'Publish', { message: '' });
      return { status, error };
    },
    answer: { status: 'FAILED', error: 'SNS.InvalidParameterException' },
  },
];
