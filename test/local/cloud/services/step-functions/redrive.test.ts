// Tests RedriveExecution: where an execution continues, which limits start again, when a redrive is refused, and what
// the API and the events report.
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  RedriveExecutionCommand,
  SendTaskSuccessCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import {
  ending,
  getAtt,
  machine,
  machineArn,
  ref,
  run,
  startWorld,
  workQueue,
} from '../../../../support/small-stack.ts';

type World = Awaited<ReturnType<typeof startWorld>>;

/** Looks up a price, then asks and waits. The worker of its queue and of the rule's logs what it gets. */
function asking(topLevel: object = {}) {
  return startWorld({
    functions: {
      Price: `let price = 6; export const handler = async () => (price += 1);`,
      Worker: `export const handler = async ({ Records }) => { for (const { body } of Records) console.log(body); };`,
    },
    resources: {
      ...workQueue('Requests', 'Worker'),
      Changes: {
        Type: 'AWS::Events::Rule',
        Properties: {
          EventPattern: { source: ['aws.states'] },
          State: 'ENABLED',
          Targets: [{ Id: 'one', Arn: getAtt('Requests', 'Arn') }],
        },
      },
      ...machine(
        {
          Look: { Type: 'Task', Resource: '${Price}', ResultPath: '$.price', Next: 'Ask' },
          Ask: {
            Type: 'Task',
            Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
            Parameters: {
              QueueUrl: '${Requests}',
              MessageBody: {
                'Input.$': '$',
                'TaskToken.$': '$$.Task.Token',
                'EnteredTime.$': '$$.State.EnteredTime',
              },
            },
            TimeoutSeconds: 60,
            End: true,
          },
        },
        {
          substitutions: { Price: getAtt('Price', 'Arn'), Requests: ref('Requests') },
          topLevel,
        },
      ),
    },
  });
}

function logged({ events }: World) {
  return events('function_logged').map(({ line }) => JSON.parse(String(line)));
}

const requests = (world: World) => logged(world).filter(({ TaskToken }) => TaskToken);
const changes = (world: World) => logged(world).flatMap(({ detail }) => detail ?? []);

async function redrive({ states, cloud }: World, executionArn: string, clientToken?: string) {
  const { redriveDate } = await states.send(new RedriveExecutionCommand({ executionArn, clientToken }));
  await cloud.settled();
  return redriveDate;
}

async function types({ states }: World, executionArn: string) {
  const { events = [] } = await states.send(new GetExecutionHistoryCommand({ executionArn }));
  return events.map(({ type }) => type);
}

async function stopped(world: World) {
  const executionArn = await run(world, { symbol: 'AMZN' });
  await world.states.send(new StopExecutionCommand({ executionArn, error: 'Stop', cause: 'by hand' }));
  await world.cloud.advance(5_000);
  return executionArn;
}

describe('a redriven execution', () => {
  it('asks again with the same input and a new token, and repeats no earlier state', async () => {
    const world = await asking();
    const executionArn = await stopped(world);
    await redrive(world, executionArn);
    const [first, second, ...more] = requests(world);
    expect(more).toEqual([]);
    expect(second.Input).toEqual({ symbol: 'AMZN', price: 7 });
    expect(second.TaskToken).not.toBe(first.TaskToken);
    const answer = (taskToken: string) =>
      world.states.send(new SendTaskSuccessCommand({ taskToken, output: '"yes"' }));
    await expect(answer(first.TaskToken)).rejects.toMatchObject({ name: 'TaskTimedOut' });
    await answer(second.TaskToken);
    expect(await ending(world, executionArn)).toEqual({ status: 'SUCCEEDED', output: 'yes' });
  });

  it('does not enter the state again: its history and EnteredTime stay', async () => {
    const world = await asking();
    const executionArn = await stopped(world);
    await redrive(world, executionArn);
    const [first, second] = requests(world);
    expect(second.EnteredTime).toBe(first.EnteredTime);
    expect((await types(world, executionArn)).slice(-5)).toEqual([
      'ExecutionAborted',
      'ExecutionRedriven',
      'TaskScheduled',
      'TaskStarted',
      'TaskSubmitted',
    ]);
  });

  it('gets the whole timeout of its state again', async () => {
    const world = await asking();
    const executionArn = await stopped(world);
    await redrive(world, executionArn);
    await world.cloud.advance(59_000);
    expect(await ending(world, executionArn)).toMatchObject({ status: 'RUNNING' });
    await world.cloud.advance(1_000);
    expect(await ending(world, executionArn)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
  });

  it('gets its whole own timeout again', async () => {
    const world = await asking({ TimeoutSeconds: 50 });
    const executionArn = await run(world);
    await world.cloud.advance(50_000);
    expect(await ending(world, executionArn)).toMatchObject({ status: 'TIMED_OUT' });
    await redrive(world, executionArn);
    await world.cloud.advance(49_000);
    expect(await ending(world, executionArn)).toMatchObject({ status: 'RUNNING' });
    await world.cloud.advance(1_000);
    expect(await ending(world, executionArn)).toMatchObject({ status: 'TIMED_OUT' });
  });

  it('gets all retries again', async () => {
    const world = await startWorld({
      functions: { Work: `export const handler = async () => { throw new RangeError('no'); };` },
      resources: machine(
        {
          Work: {
            Type: 'Task',
            Resource: '${Work}',
            Retry: [{ ErrorEquals: ['RangeError'], IntervalSeconds: 1, MaxAttempts: 2, BackoffRate: 1 }],
            End: true,
          },
        },
        { substitutions: { Work: getAtt('Work', 'Arn') } },
      ),
    });
    const executionArn = await run(world);
    await world.cloud.advance(10_000);
    expect(world.events('function_invoked')).toHaveLength(3);
    await redrive(world, executionArn);
    await world.cloud.advance(10_000);
    expect(world.events('function_invoked')).toHaveLength(6);
    expect(await ending(world, executionArn)).toMatchObject({ status: 'FAILED', error: 'RangeError' });
  });

  it('fails again in a Fail state', async () => {
    const world = await startWorld({
      resources: machine({ No: { Type: 'Fail', Error: 'Nope', Cause: 'because' } }),
    });
    const executionArn = await run(world);
    await redrive(world, executionArn);
    expect(await ending(world, executionArn)).toMatchObject({ status: 'FAILED', error: 'Nope' });
    expect(await types(world, executionArn)).toEqual([
      'ExecutionStarted',
      'FailStateEntered',
      'ExecutionFailed',
      'ExecutionRedriven',
      'ExecutionFailed',
    ]);
  });

  it('ignores the answer of an earlier invocation', async () => {
    const world = await startWorld({
      functions: {
        Work: `export const handler = () => new Promise((done) => setTimeout(done, 700, 'late'));`,
      },
      resources: machine(
        { Work: { Type: 'Task', Resource: '${Work}', End: true } },
        { substitutions: { Work: getAtt('Work', 'Arn') } },
      ),
    });
    const settling = run(world);
    await expect.poll(() => world.events('function_invoked')).toHaveLength(1);
    const executionArn = machineArn.replace(':stateMachine:', ':execution:') + ':one';
    await world.states.send(new StopExecutionCommand({ executionArn }));
    await redrive(world, executionArn);
    await settling;
    const all = await types(world, executionArn);
    expect(all.filter((type) => type === 'LambdaFunctionSucceeded')).toHaveLength(1);
  });
});

describe('the API and events', () => {
  it('return how often and when an execution was redriven, and whether it can be', async () => {
    const world = await asking();
    const executionArn = await stopped(world);
    const described = () => world.states.send(new DescribeExecutionCommand({ executionArn }));
    expect(await described()).toMatchObject({ redriveCount: 0, redriveStatus: 'REDRIVABLE' });
    expect(await described()).not.toHaveProperty('redriveDate');
    const redriveDate = await redrive(world, executionArn);
    const running = await described();
    expect(running).toMatchObject({
      status: 'RUNNING',
      redriveCount: 1,
      redriveDate,
      redriveStatus: 'NOT_REDRIVABLE',
      redriveStatusReason: 'Execution is RUNNING and cannot be redriven',
    });
    for (const gone of ['stopDate', 'error', 'cause']) expect(running).not.toHaveProperty(gone);
    const listed = await world.states.send(new ListExecutionsCommand({ stateMachineArn: machineArn }));
    expect(listed.executions).toMatchObject([{ redriveCount: 1, redriveDate }]);
  });

  it('report every status change, including the redrive', async () => {
    const world = await asking();
    const executionArn = await stopped(world);
    const { stopDate } = await world.states.send(new DescribeExecutionCommand({ executionArn }));
    const redriveDate = await redrive(world, executionArn);
    const redriveStatusReason = 'Execution is RUNNING and cannot be redriven';
    const running = { status: 'RUNNING', redriveStatus: 'NOT_REDRIVABLE', redriveStatusReason };
    const stop = { status: 'ABORTED', stopDate: stopDate?.getTime(), error: 'Stop', cause: 'by hand' };
    expect(changes(world)).toMatchObject([
      { ...running, stopDate: null, redriveCount: 0, redriveDate: null },
      { ...stop, redriveCount: 0, redriveStatus: 'REDRIVABLE', redriveStatusReason: null },
      { ...running, stopDate: null, error: null, redriveCount: 1, redriveDate: redriveDate?.getTime() },
    ]);
  });
});

describe('RedriveExecution', () => {
  const reasonOf = (executionArn: string, reason: string) => ({
    name: 'ExecutionNotRedrivable',
    message: `Execution ${executionArn} invalid for redrive as: ${reason}`,
  });

  it('is refused while the execution runs and after it has succeeded', async () => {
    const world = await asking();
    const executionArn = await run(world);
    const refused = (reason: string) =>
      expect(redrive(world, executionArn)).rejects.toMatchObject(reasonOf(executionArn, reason));
    await refused('Execution is RUNNING and cannot be redriven');
    const taskToken = requests(world)[0].TaskToken;
    await world.states.send(new SendTaskSuccessCommand({ taskToken, output: '1' }));
    await refused('Execution is SUCCEEDED and cannot be redriven');
  });

  it('is refused more than 14 days after the end', async () => {
    const world = await asking();
    const executionArn = await stopped(world);
    await world.cloud.advance(14 * 86_400_000);
    const { redriveStatus } = await world.states.send(new DescribeExecutionCommand({ executionArn }));
    expect(redriveStatus).toBe('NOT_REDRIVABLE');
    await expect(redrive(world, executionArn)).rejects.toMatchObject(
      reasonOf(executionArn, 'Execution redrivable period exceeded'),
    );
  });

  it('is accepted again with the same client token, as the same redrive', async () => {
    const world = await asking();
    const executionArn = await stopped(world);
    const first = await redrive(world, executionArn, 'press');
    expect(await redrive(world, executionArn, 'press')).toEqual(first);
    expect(requests(world)).toHaveLength(2);
    await expect(redrive(world, executionArn, 'another')).rejects.toMatchObject({
      name: 'ExecutionNotRedrivable',
    });
  });
});
