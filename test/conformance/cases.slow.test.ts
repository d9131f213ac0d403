// Runs all cases in the local cloud, counts what they use against the estimated cost, and runs some of them as against an
// account: over HTTP, in real time.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cases } from '../../conformance/cases/index.ts';
import { runDeployed } from '../../conformance/deployed.ts';
import { estimate, usage } from '../../conformance/estimate.ts';
import { type LocalCloud, startLocalCloud } from '../../conformance/local-cloud.ts';
import { runCases } from '../../conformance/run-cases.ts';

let cloud: LocalCloud;
const counts: Record<string, number> = {};

beforeAll(async () => {
  cloud = await startLocalCloud(({ event }) => {
    counts[event] = (counts[event] ?? 0) + 1;
  });
});
afterAll(() => cloud.close());

const count = (...events: readonly string[]) => events.reduce((all, event) => all + (counts[event] ?? 0), 0);

it('the local cloud answers every case as AWS, and uses no more than the estimate says', async () => {
  const lines: string[] = [];
  const print = (line: string) => void lines.push(line);
  const results = await runCases(cases, cloud.aws, { isTimeSimulated: true, print });
  expect(results.filter(({ result }) => result !== 'same')).toEqual([]);
  // Each entered or repeated state is a transition; the record of each invocation is two writes.
  expect(count('state_entered', 'state_retried')).toBeLessThanOrEqual(usage.stateTransitions);
  expect(count('function_invoked')).toBeLessThanOrEqual(usage.invocations);
  expect(count('message_published')).toBeLessThanOrEqual(usage.published);
  expect(count('message_sent', 'function_invoked') * 3).toBeLessThanOrEqual(usage.queueCalls);
  expect(count('function_invoked') * 3).toBeLessThanOrEqual(usage.writes);
  expect(estimate().usd).toBeLessThan(0.01);
});

it('cases run in real time, as against an account', async () => {
  const names = [
    'Scheduled, Started, Submitted',
    'is over its TimeoutSeconds',
    'and a redrive returns it',
    'longest delay',
  ];
  const chosen = cases.filter(({ name }) => names.some((part) => name.includes(part)));
  const results = await runDeployed({
    cases: chosen,
    endpoint: cloud.url,
    signal: new AbortController().signal,
    confirm: async () => {},
    print: () => {},
    deployer: {
      synthesise: async () => ({ account: '000000000000', region: 'us-east-1' }),
      deploy: async () => cloud.outputs,
      destroy: async () => {},
    },
  });
  expect(results.map(({ result }) => result)).toEqual(['same', 'same', 'skipped', 'same']);
});
