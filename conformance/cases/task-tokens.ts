// Step Functions: states that wait for a task token, which every approval is.
import {
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  StopExecutionCommand,
  type SendTaskFailureCommandInput,
} from '@aws-sdk/client-sfn';
import type { Aws } from '../aws.ts';
import { ask, ended, history, question, refusal, start } from '../calls.ts';
import { assumed, page, snapshot, type Case } from '../case.ts';

const callback = snapshot('stepfunctions/v2/callback/test_callback');
const sendTaskSuccess = page('step-functions/latest/apireference/API_SendTaskSuccess.html');

const succeed = (aws: Aws, taskToken: string, output: unknown = 'yes') =>
  aws.states.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(output) }));
const fail = (aws: Aws, input: SendTaskFailureCommandInput) =>
  aws.states.send(new SendTaskFailureCommand(input));

export const taskTokenCases: readonly Case[] = [
  {
    name: 'SendTaskSuccess ends the state with its output at ResultPath',
    source: callback,
    async calls(aws) {
      const { executionArn, taskToken, marker } = await ask(aws);
      await succeed(aws, taskToken, { approved: true });
      const { status, output } = await ended(aws, executionArn);
      return {
        status,
        isThatOutput: JSON.stringify(output) === JSON.stringify({ marker, answer: { approved: true } }),
      };
    },
    answer: { status: 'SUCCEEDED', isThatOutput: true },
  },
  {
    name: 'a waiting state goes through Scheduled, Started, Submitted and Succeeded, each event after the one before',
    source: callback,
    async calls(aws) {
      const { executionArn, taskToken } = await ask(aws);
      await succeed(aws, taskToken);
      await ended(aws, executionArn);
      const events = await history(aws, executionArn);
      return events.map(({ id, previousEventId, type }) => `${previousEventId} → ${id} ${type}`);
    },
    answer: [
      '0 → 1 ExecutionStarted',
      '0 → 2 TaskStateEntered',
      '2 → 3 TaskScheduled',
      '3 → 4 TaskStarted',
      '4 → 5 TaskSubmitted',
      '5 → 6 TaskSucceeded',
      '6 → 7 TaskStateExited',
      '7 → 8 ExecutionSucceeded',
    ],
  },
  {
    name: 'SendTaskFailure fails the execution with its error and cause',
    source: callback,
    async calls(aws) {
      const { executionArn, taskToken } = await ask(aws);
      await fail(aws, { taskToken, error: 'Refused', cause: 'Somebody said no.' });
      return ended(aws, executionArn);
    },
    answer: { status: 'FAILED', error: 'Refused', cause: 'Somebody said no.' },
  },
  {
    name: 'SendTaskFailure without error and cause is caught by States.ALL, with null for both',
    source: callback,
    async calls(aws) {
      const { executionArn, taskToken, marker } = await ask(aws, 'AskAndCatch');
      await fail(aws, { taskToken });
      const { status, output } = await ended(aws, executionArn);
      const caught = { marker, caught: { Error: null, Cause: null } };
      return { status, isCaught: JSON.stringify(output) === JSON.stringify(caught) };
    },
    answer: { status: 'SUCCEEDED', isCaught: true },
  },
  {
    name: 'a task that is over its TimeoutSeconds fails the execution with States.Timeout, without a cause',
    source: callback,
    async calls(aws) {
      const { executionArn } = await ask(aws, 'AskBriefly');
      const end = await ended(aws, executionArn);
      const events = await history(aws, executionArn);
      return {
        end,
        event: events.at(-2)?.type,
        scheduled: events[2]?.taskScheduledEventDetails?.timeoutInSeconds,
      };
    },
    answer: { end: { status: 'FAILED', error: 'States.Timeout' }, event: 'TaskTimedOut', scheduled: 5 },
  },
  {
    name: 'the token of a task that timed out answers TaskTimedOut',
    source: sendTaskSuccess,
    async calls(aws) {
      const { executionArn, taskToken } = await ask(aws, 'AskBriefly');
      await ended(aws, executionArn);
      return refusal(succeed(aws, taskToken));
    },
    answer: 'TaskTimedOut',
  },
  {
    name: 'a token that was used answers TaskTimedOut',
    source: sendTaskSuccess,
    async calls(aws) {
      const { executionArn, taskToken } = await ask(aws);
      await succeed(aws, taskToken);
      await ended(aws, executionArn);
      return [await refusal(succeed(aws, taskToken)), await refusal(fail(aws, { taskToken }))];
    },
    answer: ['TaskTimedOut', 'TaskTimedOut'],
  },
  {
    name: 'the token of a stopped execution answers TaskTimedOut',
    source: assumed,
    async calls(aws) {
      const { executionArn, taskToken } = await ask(aws);
      await aws.states.send(new StopExecutionCommand({ executionArn }));
      await ended(aws, executionArn);
      return refusal(succeed(aws, taskToken));
    },
    answer: 'TaskTimedOut',
  },
  {
    name: 'a text without the form of a token answers InvalidToken',
    source: snapshot('stepfunctions/v2/services/test_aws_sdk_task_service'),
    calls: async (aws) => [
      await refusal(succeed(aws, 'NoSuchTaskToken')),
      await refusal(fail(aws, { taskToken: 'NoSuchTaskToken' })),
    ],
    answer: ['InvalidToken', 'InvalidToken'],
  },
  {
    name: 'SendTaskSuccess refuses an output that is not JSON as InvalidOutput, and the task waits on',
    source: sendTaskSuccess,
    async calls(aws) {
      const { executionArn, taskToken } = await ask(aws);
      const command = new SendTaskSuccessCommand({ taskToken, output: '{' });
      const code = await refusal(aws.states.send(command));
      await succeed(aws, taskToken);
      return { code, status: (await ended(aws, executionArn)).status };
    },
    answer: { code: 'InvalidOutput', status: 'SUCCEEDED' },
  },
  {
    name: 'a token has at most 2,048 characters and no spaces',
    source: sendTaskSuccess,
    async calls(aws) {
      const { taskToken } = await ask(aws, 'AskBriefly');
      return /^\S{1,2048}$/.test(taskToken);
    },
    answer: true,
  },
  {
    name: 'a retry after States.Timeout has a token of its own, and the first token is over',
    source: assumed,
    async calls(aws) {
      const marker = aws.unique('ask');
      const executionArn = await start(aws, 'AskTwice', { marker });
      const [first, second] = [await question(aws, marker), await question(aws, marker, 2)];
      const over = await refusal(succeed(aws, first.token));
      await succeed(aws, second.token);
      const { status } = await ended(aws, executionArn);
      return {
        isOther: first.token !== second.token,
        over,
        status,
        isSameEntry: first.entered === second.entered,
      };
    },
    answer: { isOther: true, over: 'TaskTimedOut', status: 'SUCCEEDED', isSameEntry: true },
  },
  {
    name: 'the context object has the ARN and name of the execution, the name of the state and when it was entered',
    source: page('step-functions/latest/dg/input-output-contextobject.html'),
    async calls(aws) {
      const { executionArn, body } = await ask(aws, 'AskBriefly');
      const entered = (await history(aws, executionArn))[1]?.timestamp?.getTime() ?? 0;
      return {
        execution: body.execution === executionArn,
        name: executionArn.endsWith(`:${body.name}`),
        state: body.state,
        isIsoTime: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(body.entered),
        isEntry: Math.abs(Date.parse(body.entered) - entered) < 1000,
      };
    },
    answer: { execution: true, name: true, state: 'Ask', isIsoTime: true, isEntry: true },
  },
];
