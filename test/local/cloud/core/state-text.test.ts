// Tests that the optimised serialisation of the state gives the same JSON as the plain one.
import { describe, expect, it } from 'vitest';
import { stateText } from '../../../../local/cloud/core/state-text.ts';
import type { CloudState, Execution } from '../../../../local/cloud/core/state.ts';

function execution(status: Execution['status'], events: number): Execution {
  const machine = {
    name: 'm',
    arn: 'arn:m',
    roleArn: 'arn:r',
    text: '',
    definition: { StartAt: 'A', States: {} },
  };
  const history = Array.from({ length: events }, (_, at) => ({
    id: at + 1,
    previousEventId: at,
    timestamp: at,
    type: 'Something',
  }));
  const begun = { arn: 'arn:e', name: 'e', machine, input: '{"a":"\\"}"}', startDate: 1 };
  return { ...begun, status, attempts: 1, redrives: [], history };
}

describe('state text', () => {
  it('round-trips an execution before its end, after it, after a redrive and after the second end', () => {
    const text = stateText();
    const [running, over] = [execution('RUNNING', 2), execution('SUCCEEDED', 3)];
    const state: CloudState = {
      startedAt: 1,
      timers: [{ due: 1, kind: 'state_due', subject: 'arn:e' }],
      executions: { 'arn:"1"': running, 'arn:2': over },
      taskTokens: {},
      queues: {},
      secrets: {},
      parameters: {},
      buckets: {},
    };
    const isWritten = () => expect(JSON.parse(text(state))).toEqual(state);
    isWritten();
    isWritten();
    running.status = 'FAILED';
    running.history.push({ id: 3, previousEventId: 2, timestamp: 3, type: 'ExecutionFailed' });
    isWritten();
    over.status = 'RUNNING';
    over.history.push({ id: 4, previousEventId: 3, timestamp: 4, type: 'ExecutionRedriven' });
    isWritten();
    over.status = 'TIMED_OUT';
    over.history.push({ id: 5, previousEventId: 4, timestamp: 5, type: 'ExecutionTimedOut' });
    isWritten();
    expect(JSON.parse(text({ ...state, executions: {} }))).toEqual({ ...state, executions: {} });
  });
});
