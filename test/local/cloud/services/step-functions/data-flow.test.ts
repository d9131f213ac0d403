// Tests what states take from their input and give to the next state: InputPath, Parameters, ResultSelector, ResultPath and
// OutputPath. Outputs and causes were recorded at AWS: the sources are in docs/local-emulators.md.
import { describe, expect, it } from 'vitest';
import { ending, getAtt, machine, run, startWorld } from '../../../../support/small-stack.ts';

async function endingOf(state: object, input: object, more: object = {}) {
  const world = await startWorld({
    functions: { Work: 'export const handler = async (event) => ({ event, size: 3 });' },
    resources: machine({ First: state, ...more }, { substitutions: { Work: getAtt('Work', 'Arn') } }),
  });
  return ending(world, await run(world, input));
}

const input = { order: { symbol: 'AMZN', quantity: 3 }, kept: 1 };
const work = { Type: 'Task', Resource: '${Work}', End: true };

describe('a state with paths', () => {
  it.each<[string, object, unknown]>([
    [
      'a task passes InputPath to the function, and ResultPath keeps the whole input',
      { ...work, InputPath: '$.order', ResultPath: '$.result' },
      { ...input, result: { event: input.order, size: 3 } },
    ],
    [
      'Parameters read what InputPath selects',
      { ...work, InputPath: '$.order', Parameters: { 'of.$': '$.symbol' } },
      { event: { of: 'AMZN' }, size: 3 },
    ],
    [
      'ResultSelector reads the result, and ResultPath places what it builds',
      { ...work, ResultSelector: { 'n.$': '$.size', 'state.$': '$$.State.Name' }, ResultPath: '$.result' },
      { ...input, result: { n: 3, state: 'First' } },
    ],
    ['OutputPath selects from the output', { ...work, OutputPath: '$.event.order' }, input.order],
    ['InputPath null is an empty object', { ...work, InputPath: null }, { event: {}, size: 3 }],
    ['OutputPath null is an empty object', { ...work, OutputPath: null }, {}],
    [
      'a Pass state fills its Parameters',
      {
        Type: 'Pass',
        InputPath: '$.order',
        Parameters: { 'of.$': '$.symbol' },
        ResultPath: '$.p',
        End: true,
      },
      { ...input, p: { of: 'AMZN' } },
    ],
    [
      'a Pass state with Result does not use its Parameters',
      { Type: 'Pass', Parameters: { 'of.$': '$.none' }, Result: 'fixed', ResultPath: '$.p', End: true },
      { ...input, p: 'fixed' },
    ],
    ['a Succeed state has OutputPath', { Type: 'Succeed', OutputPath: '$.order' }, input.order],
    [
      'a Succeed state has InputPath',
      { Type: 'Succeed', InputPath: '$.order', OutputPath: '$.symbol' },
      'AMZN',
    ],
  ])('%s', async (_what, state, output) => {
    expect(await endingOf(state, input)).toEqual({ status: 'SUCCEEDED', output });
  });

  it('a Choice state reads what InputPath selects, and gives it to the next state', async () => {
    const choice = {
      Type: 'Choice',
      InputPath: '$.order',
      Choices: [{ Variable: '$.symbol', StringEquals: 'AMZN', Next: 'Done' }],
      OutputPath: '$.quantity',
    };
    expect(await endingOf(choice, input, { Done: { Type: 'Succeed' } })).toEqual({
      status: 'SUCCEEDED',
      output: 3,
    });
  });

  it.each([
    ['InputPath', '$.none', "No results for path: $['none']"],
    ['OutputPath', '$.order.none', "No results for path: $['order']['none']"],
    ['OutputPath', '$.no.such.path', "Missing property in path $['no']"],
  ])('fails if %s %s has no value', async (field, path, what) => {
    const state = { Type: 'Pass', [field]: path, End: true };
    expect(await endingOf(state, input)).toMatchObject({
      status: 'FAILED',
      error: 'States.Runtime',
      cause: `An error occurred while executing the state 'First' (entered at the event id #2). Invalid path '${path}' : ${what}`,
    });
  });

  it('fails after its task if OutputPath has no value, and no catcher catches that', async () => {
    const Catch = [{ ErrorEquals: ['States.Runtime', 'States.ALL'], Next: 'Caught' }];
    const state = { ...work, OutputPath: '$.no.such.path', Catch };
    expect(await endingOf(state, {}, { Caught: { Type: 'Succeed' } })).toMatchObject({
      status: 'FAILED',
      error: 'States.Runtime',
    });
  });

  it('fails if ResultSelector reads a member that the result does not have', async () => {
    expect(await endingOf({ ...work, ResultSelector: { 'n.$': '$.none' } }, {})).toMatchObject({
      status: 'FAILED',
      error: 'States.Runtime',
      cause: expect.stringContaining(
        `The JSONPath '$.none' specified for the field 'n.$' could not be found in the input '{"event":{},"size":3}'`,
      ),
    });
  });
});
