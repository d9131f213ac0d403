// Holds docs/reference/contract.md to the code: the real parsers read its examples, and its limits and outcomes are those of the
// code.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { resumeExecution } from '../aws/send-decision.ts';
import { ALL_OUTCOMES, OUTCOMES } from '../domain/outcomes.ts';
import { readAsked, readRequestMessage } from '../functions/request-message.ts';
import { readAmendment, readProgress, readResultMessage, updateIn } from '../functions/result-message.ts';
import { TERMS } from './support/amendments.ts';
import { approvalOfTwo } from './support/approvals.ts';

const page = readFileSync('docs/reference/contract.md', 'utf8');
const NOW = new Date('2026-11-02T11:00:00.000Z');

/** The examples of a kind. */
function examples(kind: string): readonly any[] {
  const found = [...page.matchAll(/```json ([\w-]+)\n(.*?)```/gs)].filter(([, name]) => name === kind);
  return found.map(([, , json = '']) => JSON.parse(json));
}

const [request] = examples('request');
const asked = (differences: object, message: object = {}) => {
  const own = { ...request.Input.request, ...differences };
  return readAsked(readRequestMessage({ ...request, ...message, Input: { request: own } }));
};

describe('the contract', () => {
  it('has a request that the parser accepts, with every field that it knows', () => {
    const { terms, deadline: _deadline, ...shown } = request.Input.request;
    expect(asked({})).toMatchObject({
      request: { ...shown, facts: [{ at: '2026-11-02T10:00:00.000Z' }] },
      deadline: '2026-11-02T10:10:00.000Z',
      policy: 'default',
      terms: { json: JSON.stringify({ build: '2.14.0', service: 'checkout', version: 1 }) },
      timeoutSeconds: 900,
    });
    expect(terms).toBeDefined();
    expect(Object.keys(readRequestMessage(request)).toSorted()).toEqual(Object.keys(request).toSorted());
  });

  it('has a state that sends exactly these fields', () => {
    const [state] = examples('asl-ask');
    const { MessageBody } = state.Parameters;
    expect(Object.keys(MessageBody).map((name) => name.replace('.$', ''))).toEqual(Object.keys(request));
    expect(MessageBody.TimeoutSeconds).toBe(state.TimeoutSeconds);
    const [publish] = examples('asl-publish');
    expect(Object.keys(publish.Parameters.Message)).toEqual(['Input.$', 'ExecutionId.$']);
  });

  const row = (field: string) =>
    new RegExp(`^\\| \`${field.replaceAll(/[[\].]/g, String.raw`\$&`)}\` \\|.*$`, 'm').exec(page)?.[0] ?? '';
  const limitOf = (field: string) => Number(/at most ([\d,]+)/.exec(row(field))?.[1]?.replaceAll(',', ''));
  const fact = { label: 'Tests', value: '412 passed' };
  const link = { label: 'Build', url: 'https://ci' };
  it.each<[string, (length: number) => object]>([
    ['title', (length) => ({ title: 'x'.repeat(length) })],
    ['facts', (length) => ({ facts: Array.from({ length }, () => fact) })],
    ['facts[].label', (length) => ({ facts: [{ ...fact, label: 'x'.repeat(length) }] })],
    ['facts[].value', (length) => ({ facts: [{ ...fact, value: 'x'.repeat(length) }] })],
    ['facts[].url', (length) => ({ facts: [{ ...fact, url: `https://ci/${'x'.repeat(length - 11)}` }] })],
    ['links', (length) => ({ links: Array.from({ length }, () => link) })],
    ['code', (length) => ({ code: 'x'.repeat(length) })],
    ['reason', (length) => ({ reason: 'x'.repeat(length) })],
    ['note', (length) => ({ note: 'x'.repeat(length) })],
    ['terms', (length) => ({ terms: 'x'.repeat(length - 2) })],
  ])('names the limit of %s', (field, make) => {
    const limit = limitOf(field);
    expect(asked(make(limit))).not.toHaveProperty('invalid');
    expect(asked(make(limit + 1))).toHaveProperty('invalid');
  });

  it('names the limits of numbers and of progress', () => {
    expect(row('amount')).toContain('from 0 to 1,000,000,000,000');
    expect(asked({ amount: 1e12 })).not.toHaveProperty('invalid');
    expect(row('TimeoutSeconds')).toContain('From 1 to 31,536,000');
    expect(asked({}, { TimeoutSeconds: 31_536_000 })).not.toHaveProperty('invalid');
    expect(asked({}, { TimeoutSeconds: 31_536_001 })).toHaveProperty('invalid');
    const text = (length: number) => readProgress({ Input: { progress: { text: 'x'.repeat(length) } } }, NOW);
    expect(text(limitOf('progress.text'))).not.toHaveProperty('invalid');
    expect(text(limitOf('progress.text') + 1)).toHaveProperty('invalid');
    const button = (differences: object) => {
      const own = { label: 'Stop', action: 'deploy-stop', ...differences };
      return readProgress({ Input: { progress: { text: 'x', button: own } } }, NOW);
    };
    for (const field of ['label', 'action', 'confirm']) {
      const limit = limitOf(`progress.button.${field}`);
      expect(button({ [field]: 'x'.repeat(limit) })).not.toHaveProperty('invalid');
      expect(button({ [field]: 'x'.repeat(limit + 1) })).toHaveProperty('invalid');
    }
  });

  it('names the limits of a resubmission, which only an unfilled result has', () => {
    const example = examples('result').find(({ Input }) => Input.result?.resubmit);
    const { resubmit } = example.Input.result;
    const read = (differences: object, outcome = 'unfilled') =>
      readResultMessage({
        ...example,
        Input: { result: { outcome, resubmit: { ...resubmit, ...differences } } },
      }).result;
    expect(read({}).resubmit).toEqual(resubmit);
    for (const outcome of ['done', 'partly', 'failed'])
      expect(read({}, outcome)).not.toHaveProperty('resubmit');
    const label = (length: number) => read({ label: 'x'.repeat(length) }).resubmit;
    expect(label(limitOf('result.resubmit.label'))).toBeDefined();
    expect(label(limitOf('result.resubmit.label') + 1)).toBeUndefined();
    const input = (bytes: number) => read({ input: { x: 'x'.repeat(bytes - '{"x":""}'.length) } }).resubmit;
    expect(input(limitOf('result.resubmit.input'))).toBeDefined();
    expect(input(limitOf('result.resubmit.input') + 1)).toBeUndefined();
  });

  it('has version 1, which is the default, and no other', () => {
    expect(asked({}, { Version: undefined })).not.toHaveProperty('invalid');
    for (const Version of [0, 2, '1', null])
      expect(asked({}, { Version })).toEqual({
        invalid: 'Version must be 1, the only version of the contract.',
      });
  });

  it('has the fields of the decision that resumes an execution', async () => {
    const sent: object[] = [];
    const resume = async (_: string, output: object) => {
      sent.push(JSON.parse(JSON.stringify(output)));
      return 'resumed' as const;
    };
    const decision = { outcome: 'declined', by: 'U0BEN', at: NOW.toISOString(), reason: 'No' } as const;
    const votes = { U0CHLOE: { at: NOW.toISOString() }, U0DANA: { at: NOW.toISOString() } };
    const decided = approvalOfTwo({ terms: TERMS.first, decision, votes, delegateFor: { U0DANA: 'U0BEN' } });
    await resumeExecution(
      { approval: decided, taskToken: 'token' },
      { executions: { resume }, log: () => {} },
    );
    const [example] = examples('decision');
    const fieldsOf = (value: any) => [
      ...Object.keys(value),
      ...value.votes.map((vote: object) => Object.keys(vote)),
    ];
    const [output] = sent;
    expect(fieldsOf({ ...example, reason: 'No' })).toEqual(expect.arrayContaining(fieldsOf(output)));
    expect(fieldsOf(output)).toEqual(expect.arrayContaining(fieldsOf(example)));
  });

  it('has results, progress and an amendment that the parsers accept', () => {
    const results = examples('result');
    expect(results).toHaveLength(3);
    expect(results.map((each) => readResultMessage(each).result.outcome)).toEqual([
      'done',
      'expired',
      'unfilled',
    ]);
    expect(results.map(updateIn)).toEqual([undefined, undefined, undefined]);
    const [progress, withButton] = examples('progress');
    expect(updateIn(progress)).toBe('progress');
    expect(readProgress(progress, NOW)).toEqual({
      ...progress.Input.progress,
      at: '2026-11-02T10:07:00.000Z',
    });
    expect(updateIn(withButton)).toBe('progress');
    expect(readProgress(withButton, NOW)).toMatchObject(withButton.Input.progress);
    const [amendment] = examples('amendment');
    const update = updateIn(amendment);
    expect(update).toEqual({ amendment: amendment.Input.amendment });
    expect(readAmendment(amendment.Input.amendment)).toMatchObject({
      id: 'approval-00c0ffee00c0ffee',
      request: { title: 'Deploy checkout 2.14.1' },
    });
  });

  it('has the table of outcomes', () => {
    const follows = {
      approval: 'an approval, or no question',
      deadline: 'the deadline',
      no_question: 'no question',
      anything: 'anything',
    };
    const table = /## Outcomes\n(.*?)\n- /s.exec(page)?.[1] ?? '';
    const rows = [...table.matchAll(/^\| `(\w+)` \|[^|]*\| (yes|no)[^|]*\| ([^|]*) \| (yes|no) \|$/gm)];
    expect(rows.map(([, ...cells]) => cells)).toEqual(
      ALL_OUTCOMES.map((name) => {
        const { follows: rule, isFinal, isResult } = OUTCOMES[name];
        return [name, isResult ? 'yes' : 'no', follows[rule], isFinal ? 'yes' : 'no'];
      }),
    );
  });
});
