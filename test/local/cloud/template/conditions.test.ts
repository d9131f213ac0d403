// Tests the conditions of a template: which are met, and that a resource or output whose condition is not met is left out.
import { describe, expect, it } from 'vitest';
import { readConditions } from '../../../../local/cloud/template/conditions.ts';

const region = (name: string) => ({ 'Fn::Equals': [{ Ref: 'AWS::Region' }, name] });
const HERE = region('us-east-1');
const THERE = region('eu-west-1');

function read(conditions: Readonly<Record<string, object>>) {
  const findings: string[] = [];
  const parameters = new Map([['Limit', '5']]);
  const isMet = readConditions(JSON.parse(JSON.stringify(conditions)), parameters, (finding) =>
    findings.push(finding),
  );
  return { findings, isMet: (Condition: string) => isMet({ Condition }, 'Resources Queue') };
}

describe('conditions', () => {
  it.each([
    [HERE, true],
    [THERE, false],
    [{ 'Fn::Not': [THERE] }, true],
    [{ 'Fn::Or': [THERE, HERE] }, true],
    [{ 'Fn::Or': [THERE, THERE] }, false],
    [{ 'Fn::And': [HERE, HERE] }, true],
    [{ 'Fn::And': [HERE, THERE] }, false],
    [{ 'Fn::Or': [{ 'Fn::Or': [THERE, THERE] }, { 'Fn::And': [HERE, HERE] }] }, true],
    [{ 'Fn::Equals': [{ Ref: 'Limit' }, '5'] }, true],
    [{ 'Fn::And': [{ Condition: 'Here' }, { 'Fn::Not': [{ Condition: 'There' }] }] }, true],
  ])('%j is %s', (condition, expected) => {
    const { isMet, findings } = read({ Here: HERE, There: THERE, Asked: condition });
    expect(findings).toEqual([]);
    expect(isMet('Asked')).toBe(expected);
  });

  it.each([
    [{ 'Fn::Or': [HERE] }, 'is not supported'],
    [{ 'Fn::Or': Array.from({ length: 11 }, () => HERE) }, 'is not supported'],
    [{ 'Fn::Not': [HERE, HERE] }, 'is not supported'],
    [{ 'Fn::Equals': ['a'] }, 'is not supported'],
    [{ 'Fn::Contains': [['a'], 'a'] }, 'is not supported'],
    [{ ...HERE, 'Fn::Not': [HERE] }, 'is not supported'],
    [{ 'Fn::Equals': [{ Ref: 'Queue' }, 'a'] }, 'Ref of Queue'],
    [{ Condition: 'Missing' }, 'Conditions Missing: does not exist'],
    [{ 'Fn::Not': [{ Condition: 'Asked' }] }, 'Conditions Asked: depends on itself'],
  ])('%j is refused', (condition, finding) => {
    expect(read({ Asked: condition }).findings.join()).toContain(finding);
  });

  it('names the resource of a condition that does not exist', () => {
    const { isMet, findings } = read({});
    expect(isMet('Asked')).toBe(false);
    expect(findings).toEqual(['Resources Queue: condition Asked does not exist']);
  });
});
