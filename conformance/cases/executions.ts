// Step Functions: starting, stopping, describing and listing executions.
import {
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  StartExecutionCommand,
  StopExecutionCommand,
  type ExecutionStatus,
} from '@aws-sdk/client-sfn';
import type { Aws } from '../aws.ts';
import { ask, ended, refusal, run, start, until } from '../calls.ts';
import { assumed, page, snapshot, type Case } from '../case.ts';

const api = snapshot('stepfunctions/v2/test_sfn_api');
const reference = (operation: string) => page(`step-functions/latest/apireference/API_${operation}.html`);

const begin = (aws: Aws, machine: string, name: string | undefined, input?: string) =>
  aws.states.send(new StartExecutionCommand({ stateMachineArn: aws.name(machine), name, input }));
const describe = (aws: Aws, executionArn: string) =>
  aws.states.send(new DescribeExecutionCommand({ executionArn }));

export const executionCases: readonly Case[] = [
  {
    name: 'StartExecution with the name and input of a running execution answers with that execution',
    source: api,
    async calls(aws) {
      const name = aws.unique('twice');
      const input = JSON.stringify({ marker: name });
      const [first, second] = [await begin(aws, 'Ask', name, input), await begin(aws, 'Ask', name, input)];
      await aws.states.send(new StopExecutionCommand({ executionArn: first.executionArn }));
      return [
        first.executionArn === second.executionArn,
        first.startDate?.getTime() === second.startDate?.getTime(),
      ];
    },
    answer: [true, true],
  },
  {
    name: 'the name of a running execution with another input is ExecutionAlreadyExists',
    source: api,
    async calls(aws) {
      const name = aws.unique('twice');
      const { executionArn } = await begin(aws, 'Ask', name, JSON.stringify({ marker: name }));
      const code = await refusal(begin(aws, 'Ask', name, '{"different":true}'));
      await aws.states.send(new StopExecutionCommand({ executionArn }));
      return code;
    },
    answer: 'ExecutionAlreadyExists',
  },
  {
    name: 'the name of an execution that ended is ExecutionAlreadyExists, with the same input too',
    source: reference('StartExecution'),
    async calls(aws) {
      const name = aws.unique('ended');
      await ended(aws, await start(aws, 'Pass', {}, name));
      return refusal(begin(aws, 'Pass', name, '{}'));
    },
    answer: 'ExecutionAlreadyExists',
  },
  {
    name: 'the same name may be used in two state machines',
    source: reference('StartExecution'),
    async calls(aws) {
      const name = aws.unique('shared');
      const arns = [await start(aws, 'Pass', {}, name), await start(aws, 'Place', {}, name)];
      return Promise.all(arns.map(async (arn) => (await ended(aws, arn)).status));
    },
    answer: ['SUCCEEDED', 'SUCCEEDED'],
  },
  {
    name: 'names with a space, a bracket, a wildcard, a control character or other punctuation are InvalidName',
    source: snapshot('stepfunctions/v2/test_sfn_api_activities'),
    calls: async (aws) => {
      const names = ['with space', 'with<', 'with}', 'with*', 'with:', 'with"', 'with\u0007'];
      const codes = [];
      for (const name of names) codes.push(await refusal(begin(aws, 'Pass', name, '{}')));
      return [...new Set(codes)];
    },
    answer: ['InvalidName'],
  },
  {
    name: 'an input that is not JSON is InvalidExecutionInput',
    source: reference('StartExecution'),
    calls: (aws) => refusal(begin(aws, 'Pass', undefined, '{"open":')),
    answer: 'InvalidExecutionInput',
  },
  {
    name: 'an input may be a number or a text, and is {} by default',
    source: api,
    async calls(aws) {
      const inputs = [];
      for (const input of ['2', '"text"', undefined]) {
        const { executionArn = '' } = await begin(aws, 'Pass', undefined, input);
        inputs.push((await describe(aws, executionArn)).input);
      }
      return inputs;
    },
    answer: ['2', '"text"', '{}'],
  },
  {
    name: 'StopExecution ends the execution as ABORTED, with the given error and cause',
    source: reference('StopExecution'),
    async calls(aws) {
      const { executionArn } = await ask(aws);
      const stop = new StopExecutionCommand({
        executionArn,
        error: 'Halted',
        cause: 'An operator stopped it.',
      });
      const { stopDate } = await aws.states.send(stop);
      return { ...(await ended(aws, executionArn)), hasDate: stopDate instanceof Date };
    },
    answer: { status: 'ABORTED', error: 'Halted', cause: 'An operator stopped it.', hasDate: true },
  },
  {
    name: 'DescribeExecution tells status, input, output and whether the execution can be redriven',
    source: api,
    async calls(aws) {
      const executionArn = await start(aws, 'Pass', { a: 1 });
      await ended(aws, executionArn);
      const { $metadata: _, startDate, stopDate, name, ...rest } = await describe(aws, executionArn);
      const { executionArn: arn, stateMachineArn, ...told } = rest;
      return {
        ...told,
        isItself: arn === executionArn && executionArn.endsWith(`:${name}`),
        isOfMachine: stateMachineArn === aws.name('Pass'),
        hasDates: startDate instanceof Date && stopDate instanceof Date,
      };
    },
    answer: {
      status: 'SUCCEEDED',
      input: '{"a":1}',
      inputDetails: { included: true },
      output: '{"Arg1":"argument1"}',
      outputDetails: { included: true },
      redriveCount: 0,
      redriveStatus: 'NOT_REDRIVABLE',
      redriveStatusReason: 'Execution is SUCCEEDED and cannot be redriven',
      isItself: true,
      isOfMachine: true,
      hasDates: true,
    },
  },
  {
    name: 'an execution of no such name is ExecutionDoesNotExist, and a text that is not an ARN is InvalidArn',
    source: api,
    async calls(aws) {
      const unknown = `${await start(aws, 'Pass')}0000`;
      return [
        await refusal(describe(aws, unknown)),
        await refusal(aws.states.send(new GetExecutionHistoryCommand({ executionArn: unknown }))),
        await refusal(describe(aws, 'not-an-arn')),
        await refusal(aws.states.send(new GetExecutionHistoryCommand({ executionArn: 'not-an-arn' }))),
      ];
    },
    answer: ['ExecutionDoesNotExist', 'ExecutionDoesNotExist', 'InvalidArn', 'InvalidArn'],
  },
  {
    name: 'a state machine of no such name is StateMachineDoesNotExist, and a text that is not an ARN is InvalidArn',
    source: api,
    calls: async (aws) => [
      await refusal(
        aws.states.send(new DescribeStateMachineCommand({ stateMachineArn: `${aws.name('Pass')}0000` })),
      ),
      await refusal(
        aws.states.send(new ListExecutionsCommand({ stateMachineArn: `${aws.name('Pass')}0000` })),
      ),
      await refusal(aws.states.send(new DescribeStateMachineCommand({ stateMachineArn: 'not-an-arn' }))),
    ],
    answer: ['StateMachineDoesNotExist', 'StateMachineDoesNotExist', 'InvalidArn'],
  },
  {
    name: 'ListExecutions filters by status, and refuses a status that does not exist',
    source: api,
    async calls(aws) {
      const executionArn = await start(aws, 'Fail');
      await ended(aws, executionArn);
      const list = (statusFilter: ExecutionStatus) =>
        aws.states.send(new ListExecutionsCommand({ stateMachineArn: aws.name('Fail'), statusFilter }));
      const isListed = async (status: ExecutionStatus) =>
        (await list(status)).executions?.some((one) => one.executionArn === executionArn);
      return {
        failed: await until(
          aws,
          'the execution in the list',
          async () => (await isListed('FAILED')) || undefined,
        ),
        succeeded: await isListed('SUCCEEDED'),
        unknown: await refusal(list(JSON.parse('"succeeded"'))),
      };
    },
    answer: { failed: true, succeeded: false, unknown: 'ValidationException' },
  },
  {
    name: 'an execution that is over the TimeoutSeconds of its definition is TIMED_OUT, without error and cause',
    source: snapshot('stepfunctions/v2/timeouts/test_timeouts'),
    calls: (aws) => run(aws, 'Limited', { marker: aws.unique('limited') }),
    answer: { status: 'TIMED_OUT' },
  },
  {
    name: 'a second StopExecution answers as the first did',
    source: assumed,
    async calls(aws) {
      const { executionArn } = await ask(aws);
      const stop = () => aws.states.send(new StopExecutionCommand({ executionArn }));
      const first = await stop();
      await ended(aws, executionArn);
      return first.stopDate?.getTime() === (await stop()).stopDate?.getTime();
    },
    answer: true,
  },
];
