import { describe, expect, it } from 'vitest';
import { contextArguments } from '../../local/arguments.ts';

describe('command-line arguments', () => {
  it('become the settings that cdk takes', () => {
    expect(contextArguments(['-c', 'stage=test', '--context', 'symbols=AMZN,NVDA'])).toEqual([
      '-c',
      'stage=test',
      '-c',
      'symbols=AMZN,NVDA',
    ]);
    expect(contextArguments([])).toEqual([]);
  });

  it.each([[['--fast']], [['-c']], [['-c', 'stage']], [['stage=test']]])(
    'are rejected with an example: %o',
    (args) => {
      expect(() => contextArguments(args)).toThrow(
        /^".+" is not an option or a setting\. Pass settings as -c name=value, such as npm start -- -c defaultQuantity=20$/,
      );
    },
  );
});
