import { describe, expect, it } from 'vitest';
import { checkPattern, matches } from '../../../../../local/cloud/services/eventbridge/event-pattern.ts';

const arn = (name: string) => `arn:aws:states:us-east-1:000000000000:stateMachine:${name}`;

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html */
describe('an event pattern', () => {
  it.each<[string, string, boolean]>([
    ['approve-*', 'approve-refund', true],
    ['approve-*', 'approve-', true],
    ['approve-*', 'approve', false],
    ['approve-*', 'xapprove-a', false],
    ['*-approval', 'refund-approval', true],
    ['*-approval', 'refund-approval-2', false],
    ['a*b*c', 'a-b-b-c', true],
    ['a*b*c', 'abc', true],
    ['a*b*c', 'a-c', false],
    ['ab*ba', 'aba', false],
    ['deploy', 'deploy', true],
  ])('with the wildcard %s and the value %s matches: %s', (wildcard, name, expected) => {
    const pattern = { detail: { stateMachineArn: ['other', { wildcard: arn(wildcard) }] } };
    expect(matches(pattern, { detail: { stateMachineArn: arn(name) } })).toBe(expected);
  });

  it.each([
    [{ wildcard: 'a**' }],
    [{ wildcard: String.raw`a\*` }],
    [{ wildcard: 1 }],
    [{ wildcard: 'a', prefix: 'b' }],
    [{ prefix: 'a' }],
    [1],
  ])('may not contain %j', (expected) => {
    const findings: string[] = [];
    checkPattern({ detail: { status: ['FAILED', expected] } }, (finding) => findings.push(finding));
    expect(findings).toEqual([
      'EventPattern status holds more than exact strings and wildcards, which is not supported',
    ]);
  });

  it('may contain exact strings and wildcards', () => {
    checkPattern({ detail: { status: ['FAILED', { wildcard: 'TIMED*' }] } }, (finding) =>
      expect.unreachable(finding),
    );
  });
});
