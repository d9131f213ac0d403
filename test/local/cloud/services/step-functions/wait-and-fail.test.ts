// Tests Wait states, and Fail states that read Error and Cause from their input. Events and causes were recorded at AWS:
// the sources are in docs/local-emulators.md.
import { GetExecutionHistoryCommand } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { ending, machine, run, startWorld } from '../../../../support/small-stack.ts';

const startMachine = (state: object, more: object = {}) =>
  startWorld({ resources: machine({ First: state, ...more }) });

async function endingOf(state: object, input: object) {
  const world = await startMachine(state);
  return ending(world, await run(world, input));
}

const cause = (text: string) =>
  `An error occurred while executing the state 'First' (entered at the event id #2). ${text}`;

describe('a Wait state', () => {
  it.each([
    ['Seconds', { Seconds: 90 }],
    ['SecondsPath', { SecondsPath: '$.wait' }],
    ['SecondsPath in its InputPath', { InputPath: '$.inner', SecondsPath: '$.seconds' }],
  ])('waits for its %s, and then continues', async (_what, how) => {
    const state = { Type: 'Wait', OutputPath: '$.wait', ...how, Next: 'Done' };
    const world = await startMachine(state, { Done: { Type: 'Succeed' } });
    const executionArn = await run(world, { wait: 90, inner: { wait: 90, seconds: 90 } });
    await world.cloud.advance(89_000);
    expect((await ending(world, executionArn)).status).toBe('RUNNING');
    await world.cloud.advance(1_000);
    expect(await ending(world, executionArn)).toEqual({ status: 'SUCCEEDED', output: 90 });
    const { events = [] } = await world.states.send(new GetExecutionHistoryCommand({ executionArn }));
    expect(events.slice(1, 3).map(({ type }) => type)).toEqual(['WaitStateEntered', 'WaitStateExited']);
  });

  it.each([
    [-1, 'The SecondsPath parameter references a negative value: $.wait == -1'],
    [1.5, 'The SecondsPath parameter cannot be parsed as a long value: $.wait == 1.5'],
    ['1', 'The SecondsPath parameter cannot be parsed as a long value: $.wait == "1"'],
    [100_000_000, 'The SecondsPath parameter references a value above 99999999: $.wait == 100000000'],
  ])('fails with %j seconds', async (wait, text) => {
    expect(await endingOf({ Type: 'Wait', SecondsPath: '$.wait', End: true }, { wait })).toMatchObject({
      status: 'FAILED',
      error: 'States.Runtime',
      cause: cause(text),
    });
  });

  it('fails without a value at SecondsPath', async () => {
    expect(await endingOf({ Type: 'Wait', SecondsPath: '$.wait', End: true }, {})).toMatchObject({
      status: 'FAILED',
      error: 'States.Runtime',
      cause: cause(
        `The JSONPath '$.wait' specified for the field 'SecondsPath' could not be found in the input '{}'`,
      ),
    });
  });
});

describe('a Fail state', () => {
  const state = { Type: 'Fail', ErrorPath: '$.error', CausePath: '$.cause' };

  it('reads Error and Cause from its input', async () => {
    expect(await endingOf(state, { error: 'Closed', cause: 'It is Sunday.' })).toMatchObject({
      status: 'FAILED',
      error: 'Closed',
      cause: 'It is Sunday.',
    });
  });

  it.each([
    ['ErrorPath', '$.error', { cause: 'x' }],
    ['CausePath', '$.cause', { error: 'x' }],
  ])('fails without a value at %s', async (field, path, input) => {
    expect(await endingOf(state, input)).toMatchObject({
      status: 'FAILED',
      error: 'States.Runtime',
      cause: cause(
        `The JSONPath '${path}' specified for the field '${field}' could not be found in the input '${JSON.stringify(input)}'`,
      ),
    });
  });

  it('fails with a value that is not a text', async () => {
    expect(await endingOf(state, { error: 1, cause: 'x' })).toMatchObject({
      error: 'States.Runtime',
      cause: cause('The ErrorPath parameter does not reference a text: $.error == 1'),
    });
  });
});
