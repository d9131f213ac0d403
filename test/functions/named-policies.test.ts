// Tests how the functions read policies and state machines from parameters: which state machine may use which policy,
// and what happens with a parameter that somebody wrote by hand.
import { describe, expect, it } from 'vitest';
import type { Parameter } from '../../aws/parameters.ts';
import { InvalidParameter, namedPolicies } from '../../functions/named-policies.ts';

const PATH = '/countersign/ops';
const arn = (name: string) => `arn:aws:states:eu-central-1:111122223333:stateMachine:${name}`;
const entry = (name: string, policies: unknown, more: object = {}) =>
  JSON.stringify({ stateMachineArn: arn(name), policies, ...more });
const POLICY = {
  channel: 'C0OPS',
  approvers: ['S0OPS'],
  tiers: [{ upToUsd: 1_000, approvals: 1 }],
  escalation: { remindAt: 0.5, escalateTo: [] },
  confirmFromUsd: 10_000,
  delegates: 'anyone',
  broadcast: ['done'],
};

function stored(values: Readonly<Record<string, string>>) {
  const parameterOf = (name: string): Parameter | undefined =>
    name in values ? { name, value: values[name] ?? '', version: 3 } : undefined;
  return namedPolicies(
    {
      get: async (name) => parameterOf(name),
      under: async (path) =>
        Object.keys(values).flatMap((name) => (name.startsWith(`${path}/`) ? (parameterOf(name) ?? []) : [])),
    },
    PATH,
  );
}

describe('a state machine', () => {
  it('may use the policies of its own parameter, whatever the patterns allow', async () => {
    const policies = stored({
      [`${PATH}/machines/deploy`]: entry('deploy', ['database', 'default']),
      [`${PATH}/patterns/d.`]: entry('d*', ['other']),
    });
    expect(await policies.machine(arn('deploy'))).toEqual({
      policies: ['database', 'default'],
      ownFailures: false,
    });
  });

  it('may use the policies of all patterns that match it, each once', async () => {
    const policies = stored({
      [`${PATH}/patterns/approve-.`]: entry('approve-*', ['default']),
      [`${PATH}/patterns/.-orders`]: entry('*-orders', ['default', 'database'], { ownFailures: true }),
      [`${PATH}/patterns/other-.`]: entry('other-*', ['other']),
    });
    expect(await policies.machine(arn('approve-orders'))).toEqual({
      policies: ['default', 'database'],
      ownFailures: true,
    });
    expect(await policies.machine(arn('approve-refunds'))).toEqual({
      policies: ['default'],
      ownFailures: false,
    });
    expect(await policies.machine(arn('refunds'))).toBeUndefined();
  });

  it('may request nothing in another account, even if it has the same name', async () => {
    const policies = stored({ [`${PATH}/machines/deploy`]: entry('deploy', ['default']) });
    expect(await policies.machine(arn('deploy').replace('111122223333', '444455556666'))).toBeUndefined();
  });

  it.each<[string, string]>([
    ['no JSON', '{'],
    ['no policies', entry('deploy', [])],
    ['a policy that is no text', entry('deploy', [7])],
  ])('whose parameter has %s is an error that names it', async (_, value) => {
    const policies = stored({ [`${PATH}/machines/deploy`]: value });
    await expect(policies.machine(arn('deploy'))).rejects.toThrow(InvalidParameter);
    await expect(policies.machine(arn('deploy'))).rejects.toThrow(
      /^The parameter \/countersign\/ops\/machines\/deploy is invalid: .* Write back its value in the stack's template, with aws ssm put-parameter --overwrite\.$/,
    );
  });
});

describe('a policy', () => {
  const read = async (changes: object) =>
    stored({ [`${PATH}/policies/default`]: JSON.stringify({ ...POLICY, ...changes }) }).policy('default');

  it('has the name and the version of its parameter', async () => {
    expect(await read({})).toEqual({ ...POLICY, name: 'default', version: 3 });
    expect(await stored({}).policy('default')).toBeUndefined();
  });

  it.each<object>([
    { channel: '#ops' },
    { approvers: [] },
    { approvers: ['@ben'] },
    { tiers: [] },
    { tiers: [{ upToUsd: 5, approvals: 0 }] },
    { tiers: [{ upToUsd: 5, approvals: 0.5 }] },
    { tiers: [{ upToUsd: 5, approvals: 1, approvers: [] }] },
    {
      tiers: [
        { upToUsd: 5, approvals: 2 },
        { upToUsd: 5, approvals: 1 },
      ],
    },
    { escalation: { escalateAt: 1, escalateTo: ['S0OPS'] } },
    { escalation: { escalateTo: ['boss'] } },
    { confirmFromUsd: -1 },
    { delegates: 'everybody' },
    { broadcast: 'done' },
    { labels: { approve: 7 } },
  ])('that could be misread is an error: %j', async (changes) => {
    await expect(read(changes)).rejects.toThrow(InvalidParameter);
  });
});
