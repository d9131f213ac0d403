import { expect, it } from 'vitest';
import { contextArguments } from '../../local/arguments.ts';

it('hands settings on as cdk takes them', () => {
  expect(contextArguments(['-c', 'stage=test', '--context', 'symbols=AMZN,NVDA'])).toEqual([
    '-c',
    'stage=test',
    '-c',
    'symbols=AMZN,NVDA',
  ]);
  expect(contextArguments([])).toEqual([]);
});

it.each([[['--fast']], [['-c']], [['-c', 'stage']], [['stage=test']]])(
  'refuses %o with an example',
  (args) => {
    expect(() => contextArguments(args)).toThrow(
      /is not understood\. Settings are given like this: -- -c defaultQuantity=20/,
    );
  },
);
