import { describe, expect, it } from 'vitest';
import { line } from '../../local/event-line.ts';
import type { LogEvent } from '../../local/world.ts';

const at = new Date('2026-11-02T10:05:00.123Z');

describe('event line', () => {
  it.each<[LogEvent, string]>([
    [
      { source: 'states', event: 'state_entered', execution: 'AMZN-1', state: 'Buy Stock' },
      '10:05:00.123  states   state entered  execution=AMZN-1  state=Buy Stock',
    ],
    [
      {
        source: 'lambda',
        event: 'function_invoked',
        function: 'Countersign-dev-SlackApprovalsBot54D2F7F9',
        invocation: 'x',
      },
      '10:05:00.123  lambda   function invoked  function=SlackApprovalsBot',
    ],
    [
      {
        source: 'lambda',
        event: 'function_logged',
        function: 'F',
        line: '{"event":"decision_sent","by":"U0BEN"}',
      },
      '10:05:00.123  log      decision sent  function=F  by=U0BEN',
    ],
    [
      { source: 'lambda', event: 'function_logged', function: 'F', line: 'no JSON', empty: '' },
      '10:05:00.123  lambda   function logged  function=F  line=no JSON',
    ],
  ])('for %o is as expected', (event, printed) => {
    expect(line(event, at)).toBe(printed);
  });
});
