// Tests how the panel orders the states of a definition.
import { describe, expect, it } from 'vitest';
import { statesInOrder } from '../../local/workflow-states.ts';

describe('workflow states', () => {
  it('are in the order of the flow, with side branches and their conditions', () => {
    const definition = {
      StartAt: 'Ask',
      States: {
        Report: { Type: 'Task', End: true },
        Ask: { Type: 'Task', Next: 'Which?', Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'Late' }] },
        Late: { Type: 'Pass', Next: 'Which?' },
        'Which?': {
          Type: 'Choice',
          Choices: [
            { Variable: '$.outcome', StringEquals: 'declined', Next: 'Report' },
            { Variable: '$.outcome', StringEquals: 'expired', Next: 'Report' },
            {
              And: [
                { Variable: '$.outcome', StringEquals: 'approved' },
                { Variable: '$.side', StringEquals: 'buy' },
              ],
              Next: 'Buy',
            },
          ],
          Default: 'Unknown',
        },
        Unknown: { Type: 'Fail' },
        Buy: { Type: 'Task', Next: 'Report', Catch: [{ ErrorEquals: ['Closed'], Next: 'Ask' }] },
      },
    };

    expect(statesInOrder(JSON.stringify(definition))).toEqual([
      {
        name: 'Ask',
        branch: false,
        next: [{ state: 'Which?' }, { state: 'Late', when: 'on States.Timeout' }],
      },
      { name: 'Late', branch: true, next: [{ state: 'Which?' }] },
      {
        name: 'Which?',
        branch: false,
        next: [
          { state: 'Report', when: 'declined or expired' },
          { state: 'Buy', when: 'approved and buy' },
          { state: 'Unknown', when: 'otherwise' },
        ],
      },
      {
        name: 'Buy',
        branch: true,
        next: [{ state: 'Report' }, { state: 'Ask', when: 'on Closed' }],
      },
      { name: 'Unknown', branch: true, next: [] },
      { name: 'Report', branch: false, next: [] },
    ]);
  });

  it('do not become branches because an error skips them', () => {
    const definition = {
      StartAt: 'Check',
      States: {
        Check: { Type: 'Task', Next: 'Ask', Catch: [{ ErrorEquals: ['Refused'], Next: 'Refused' }] },
        Ask: { Type: 'Task', Next: 'Report' },
        Refused: { Type: 'Pass', Next: 'Report' },
        Report: { Type: 'Task', End: true },
      },
    };

    const branches = statesInOrder(JSON.stringify(definition)).filter(({ branch }) => branch);
    expect(branches.map(({ name }) => name)).toEqual(['Refused']);
  });
});
