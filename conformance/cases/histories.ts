// Step Functions: the history of an execution, and the redrive of one that failed.
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  RedriveExecutionCommand,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { Aws } from '../aws.ts';
import { ask, ended, history, question, refusal, start } from '../calls.ts';
import { page, snapshot, type Case } from '../case.ts';

const api = snapshot('stepfunctions/v2/test_sfn_api');
const reference = (operation: string) => page(`step-functions/latest/apireference/API_${operation}.html`);

const describe = (aws: Aws, executionArn: string) =>
  aws.states.send(new DescribeExecutionCommand({ executionArn }));
const redrive = (aws: Aws, executionArn: string, clientToken?: string) =>
  aws.states.send(new RedriveExecutionCommand({ executionArn, clientToken }));

/** An execution that failed in a state that waits for its token. */
async function failed(aws: Aws) {
  const asked = await ask(aws);
  await aws.states.send(new SendTaskFailureCommand({ taskToken: asked.taskToken, error: 'Refused' }));
  await ended(aws, asked.executionArn);
  return asked;
}

export const historyCases: readonly Case[] = [
  {
    name: 'the history of a stopped execution ends with ExecutionAborted, which follows no event',
    source: api,
    async calls(aws) {
      const { executionArn } = await ask(aws);
      await aws.states.send(new StopExecutionCommand({ executionArn }));
      await ended(aws, executionArn);
      const { type, previousEventId } = (await history(aws, executionArn)).at(-1) ?? {};
      return { type, previousEventId };
    },
    answer: { type: 'ExecutionAborted', previousEventId: 0 },
  },
  {
    name: 'GetExecutionHistory answers in pages of maxResults, with a nextToken until the last page',
    source: reference('GetExecutionHistory'),
    async calls(aws) {
      const executionArn = await start(aws, 'Pass');
      await ended(aws, executionArn);
      const pages: (number | undefined)[][] = [];
      let nextToken: string | undefined;
      do {
        const get = new GetExecutionHistoryCommand({ executionArn, maxResults: 3, nextToken });
        const answer = await aws.states.send(get);
        pages.push((answer.events ?? []).map(({ id }) => id));
        ({ nextToken } = answer);
      } while (nextToken !== undefined && pages.length < 5);
      return pages;
    },
    answer: [[1, 2, 3], [4]],
  },
  {
    name: 'RedriveExecution continues a failed execution in the state that failed, with another token',
    source:
      'https://github.com/radkawar/stackd/blob/9dc356f5e5cc49d2d334178a09c1398dd1c62617/testdata/aws/stepfunctions/redrive_execution.json',
    async calls(aws) {
      const { executionArn, marker, body } = await failed(aws);
      await redrive(aws, executionArn);
      const again = await question(aws, marker, 2);
      const taskToken = again.token;
      await aws.states.send(new SendTaskSuccessCommand({ taskToken, output: '"yes"' }));
      const { status } = await ended(aws, executionArn);
      const types = (await history(aws, executionArn)).map(({ type }) => type);
      return {
        status,
        redriveCount: (await describe(aws, executionArn)).redriveCount,
        hasOtherToken: again.token !== body.token,
        hasSameEntry: again.entered === body.entered,
        entered: types.filter((type) => type === 'TaskStateEntered').length,
        redriven: types.filter((type) => type === 'ExecutionRedriven').length,
      };
    },
    answer: {
      status: 'SUCCEEDED',
      redriveCount: 1,
      hasOtherToken: true,
      hasSameEntry: true,
      entered: 1,
      redriven: 1,
    },
  },
  {
    name: 'the same clientToken redrives once',
    source: reference('RedriveExecution'),
    async calls(aws) {
      const { executionArn } = await failed(aws);
      const token = aws.unique('redrive');
      const first = await redrive(aws, executionArn, token);
      const second = await redrive(aws, executionArn, token);
      const { redriveCount } = await describe(aws, executionArn);
      await aws.states.send(new StopExecutionCommand({ executionArn }));
      return { isSame: first.redriveDate?.getTime() === second.redriveDate?.getTime(), redriveCount };
    },
    answer: { isSame: true, redriveCount: 1 },
  },
  {
    name: 'an execution that runs or succeeded is ExecutionNotRedrivable',
    source: page('step-functions/latest/dg/redrive-executions.html'),
    async calls(aws) {
      const running = await ask(aws);
      const codes = [await refusal(redrive(aws, running.executionArn))];
      await aws.states.send(new StopExecutionCommand({ executionArn: running.executionArn }));
      const succeeded = await start(aws, 'Pass');
      await ended(aws, succeeded);
      return [...codes, await refusal(redrive(aws, succeeded))];
    },
    answer: ['ExecutionNotRedrivable', 'ExecutionNotRedrivable'],
  },
  {
    name: 'an execution that ended more than 14 days ago is ExecutionNotRedrivable',
    source: page('step-functions/latest/dg/redrive-executions.html'),
    localTimeOnly: true,
    async calls(aws) {
      const { executionArn } = await failed(aws);
      await aws.wait(14 * 86_400 + 60);
      return refusal(redrive(aws, executionArn));
    },
    answer: 'ExecutionNotRedrivable',
  },
];
