// Tests which policies `SlackApprovals` refuses because nobody could approve with them, and how it stores the others.
import { App, CfnParameter, CfnResource, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { describe, expect, it } from 'vitest';
import { RequestApproval } from '../../stack/request-approval.ts';
import type { ApprovalPolicy } from '../../stack/approval-policy.ts';
import { SlackApprovals } from '../../stack/slack-approvals.ts';
import type { SlackApprovalsProps } from '../../stack/slack-approvals-props.ts';

const GOOD = { channel: 'C0OPERATIONS', approvers: ['U0BEN', 'U0CHLOE'] };

const newStack = () => new Stack(new App({ context: { 'aws:cdk:bundling-stacks': [] } }), 'Operations');

const create = (policies: SlackApprovalsProps['policies'], props: Partial<SlackApprovalsProps> = {}) =>
  new SlackApprovals(newStack(), 'Approvals', { stage: 'ops', ...props, policies });

describe('SlackApprovals', () => {
  it.each<[string, Partial<ApprovalPolicy>, string]>([
    [
      'no approvers',
      { approvers: [] },
      'approvers must be at least one id of a Slack user or user group; it is []. For example: approvers: ["U012AB3CD","S0614TZR7"].',
    ],
    [
      'names in place of ids',
      { approvers: ['U0BEN', '@chloe'] },
      'approvers must be ids of Slack users or user groups; it has "@chloe". For example: approvers: ["U012AB3CD","S0614TZR7"].',
    ],
    [
      'an approver who is listed twice',
      { approvers: ['U0BEN', 'U0BEN'] },
      'approvers must name each id once; it is ["U0BEN","U0BEN"]. For example: approvers: ["U012AB3CD","S0614TZR7"].',
    ],
    [
      'the name of a channel',
      { channel: '#operations' },
      'channel must be the id of a Slack channel, which its details in Slack show; it is "#operations". For example: channel: "C0123456789".',
    ],
    [
      'escalation to a name',
      { escalateTo: ['leads'] },
      'escalateTo must be ids of Slack users or user groups; it has "leads". For example: escalateTo: ["U012AB3CD","S0614TZR7"].',
    ],
    [
      'a first tier of nothing',
      { tiers: [{ upToUsd: 0, approvals: 1 }] },
      'tiers must begin above USD 0; tier 1 is up to USD 0. For example: tiers: [',
    ],
    [
      'tiers in another order',
      {
        tiers: [
          { upToUsd: 500, approvals: 1 },
          { upToUsd: 100, approvals: 2 },
        ],
      },
      'tiers must be sorted by amount; tier 2 is up to USD 100, and the tier before it up to USD 500. For example: tiers: [{"upToUsd":1000,"approvals":1},{"upToUsd":50000,"approvals":2}].',
    ],
    [
      'no tiers',
      { tiers: [] },
      'tiers must have at least one tier; it is []. For example: tiers: [{"upToUsd":1000,"approvals":1},{"upToUsd":50000,"approvals":2}].',
    ],
    [
      'more approvals than people',
      { tiers: [{ upToUsd: 500, approvals: 3 }] },
      'tiers must not need more approvals than people are named; tier 1 needs 3 approvals and names only U0BEN, U0CHLOE. For example: approvers: ["S0614TZR7"].',
    ],
    [
      'more approvals than people of the tier',
      { tiers: [{ upToUsd: 500, approvals: 2, approvers: ['W0DANA'] }] },
      'tiers must not need more approvals than people are named; tier 1 needs 2 approvals and names only W0DANA. For example: approvers: ["S0614TZR7"].',
    ],
    [
      'a tier for nobody',
      { tiers: [{ upToUsd: 500, approvals: 1, approvers: [] }] },
      'tiers[0].approvers must be at least one id of a Slack user or user group; it is []. For example: approvers: ["U012AB3CD","S0614TZR7"].',
    ],
    [
      'a quorum of more than the people',
      { approvals: 3 },
      'approvals must not need more approvals than people are named; the policy needs 3 approvals and names only U0BEN, U0CHLOE. For example: approvers: ["S0614TZR7"].',
    ],
    [
      'a quorum of nobody',
      { approvals: 0 },
      'approvals must need a whole number of approvals of at least 1; the policy needs 0. For example: approvals: 2.',
    ],
    [
      'a quorum beside tiers',
      { approvals: 1, tiers: [{ upToUsd: 500, approvals: 1 }] },
      'approvals must not be set together with tiers; both are.',
    ],
    [
      'a delegate by name',
      { delegates: ['ben'] },
      'delegates must be ids of Slack users or user groups; it has "ben". For example: delegates: ["U012AB3CD","S0614TZR7"].',
    ],
    [
      'a reminder at the end',
      { remindAtPercent: 100 },
      'remindAtPercent must be a percentage from 0 to 99; it is 100. For example: remindAtPercent: 50.',
    ],
    [
      'an escalation to nobody',
      { escalateAtPercent: 75 },
      'escalateTo must name the people to escalate to; it is []. For example: escalateTo: ["U012AB3CD","S0614TZR7"].',
    ],
    [
      'a timeout that nobody can meet',
      { timeout: Duration.seconds(5) },
      'timeout must be from 30 to 31000000 seconds; it is 5 seconds. For example: timeout: Duration.hours(4).',
    ],
    [
      'a timeout with a fraction of a second',
      { timeout: Duration.millis(60_500) },
      'timeout must be from 30 to 31000000 seconds; it is 60.5 seconds. For example: timeout: Duration.hours(4).',
    ],
    [
      'a label that Slack would refuse',
      { approveLabel: 'Approve and deploy it at once to all' },
      'approveLabel must have 1 to 24 characters that are not all blank; it is "Approve and deploy it at once to all". For example: approveLabel: "Deploy".',
    ],
    [
      'an empty label',
      { declineLabel: ' ' },
      'declineLabel must have 1 to 24 characters that are not all blank; it is " ".',
    ],
  ])('refuses %s', (_, policy, message) => {
    expect(() => create({ database: { ...GOOD, ...policy } })).toThrow(
      `Operations/Approvals: policies.database.${message}`,
    );
  });

  it('refuses a stage with capitals', () => {
    expect(() => create({ default: GOOD }, { stage: 'Prod' })).toThrow(
      'Operations/Approvals: stage must be a short name in lower case; it is "Prod". For example: stage: "prod".',
    );
  });

  it.each<[string, SlackApprovalsProps['policies'], string]>([
    ['no policy', {}, 'policies must have at least one policy'],
    ...['Database', 'a/b', '2fa'].map((name): [string, SlackApprovalsProps['policies'], string] => [
      `the name ${name}`,
      { [name]: GOOD },
      `the name of a policy begins with a letter and has at most 40 lower-case letters, digits and hyphens; one is "${name}"`,
    ]),
  ])('refuses %s', (_, policies, found) => {
    expect(() => create(policies)).toThrow(
      `Operations/Approvals: ${found}. For example: policies: { default: {`,
    );
  });

  it('refuses a policy that is too long for a parameter', () => {
    const approvers = Array.from({ length: 400 }, (_, at) => `U${String(at).padStart(10, '0')}`);
    expect(() => create({ default: { ...GOOD, approvers } })).toThrow(
      /policies\.default has up to \d+ characters as JSON, and a parameter of Systems Manager has at most 4096\. Name user groups/,
    );
  });

  it('refuses a policy that a request from outside Slack could never meet', () => {
    const policies = { default: GOOD, database: { ...GOOD, approvals: 2 } };
    expect(() => create(policies, { startedOutsideSlack: 'one-more-approval' })).toThrow(
      'tier 1 of the policy database needs 3 approvals, but only U0BEN, U0CHLOE may approve.',
    );
  });

  it('accepts more approvals than ids if one of them is a user group', () => {
    expect(() =>
      create({ default: { ...GOOD, approvers: ['U0BEN', 'S0TEAM'], approvals: 3 } }),
    ).not.toThrow();
  });

  it('refuses a state and a state machine that name a policy that does not exist', () => {
    const approvals = create({ default: GOOD, database: GOOD });
    const message = `Operations/Approvals has no policy "databse". Its policies are: default, database. Name one of them, in RequestApproval by policy: 'default', in addStateMachine by policies: ['default'].`;
    const stack = Stack.of(approvals);
    expect(() => new RequestApproval(stack, 'Ask', { approvals, policy: 'databse' })).toThrow(message);
    const machine = StateMachine.fromStateMachineName(stack, 'Machine', 'migration');
    expect(() => approvals.addStateMachine(machine, { policies: ['databse'] })).toThrow(message);
    expect(() => approvals.addStateMachines({ match: 'a-*', policies: ['toString'] })).toThrow(
      'has no policy "toString"',
    );
    expect(() => approvals.addStateMachines({ match: 'b-*', policies: [] })).toThrow(
      'a state machine needs at least one policy. For example: policies: ["default"].',
    );
  });

  it('refuses a state machine whose state names a policy that it may not use', () => {
    const approvals = create({ default: GOOD, database: GOOD });
    const stack = Stack.of(approvals);
    const ask = new RequestApproval(stack, 'Ask', { approvals, policy: 'database' });
    const definitionBody = DefinitionBody.fromChainable(ask);
    approvals.addStateMachine(new StateMachine(stack, 'Machine', { definitionBody }));
    expect(() => Template.fromStack(stack)).toThrow(
      "A state of Operations/Machine names the policy \"database\", and the state machine may use only: default. Allow it: approvals.addStateMachine(stateMachine, { policies: ['default', 'database'] }).",
    );
  });

  it('refuses a state machine of another copy of the CDK, which it would not recognize', () => {
    const approvals = create({ default: GOOD });
    const machine = StateMachine.fromStateMachineName(Stack.of(approvals), 'Machine', 'migration');
    const type = 'AWS::StepFunctions::StateMachine';
    machine.node.defaultChild = new CfnResource(machine, 'Resource', { type });
    expect(() => approvals.addStateMachine(machine)).toThrow(
      'Operations/Machine was made by another copy of aws-cdk-lib than countersign uses, so its permissions would be incomplete. Install countersign as a package',
    );
  });

  it('accepts a channel and approvers that are known only in the deployment', () => {
    const stack = newStack();
    const given = (id: string) => new CfnParameter(stack, id).valueAsString;
    const policy = { channel: given('Channel'), approvers: [given('Approvers')] };
    expect(() => new SlackApprovals(stack, 'Approvals', { policies: { default: policy } })).not.toThrow();
  });
});

it('the outputs name the channel of the default policy first', () => {
  const approvals = create({
    a: { ...GOOD, channel: 'C0A' },
    b: { ...GOOD, channel: 'C0B' },
    default: GOOD,
    again: { ...GOOD, channel: 'C0A' },
  });
  approvals.addStateMachine(StateMachine.fromStateMachineName(approvals, 'Machine', 'migration'));
  const { Outputs } = Template.fromStack(Stack.of(approvals)).toJSON();
  expect(Outputs.Channels.Value).toBe('C0OPERATIONS,C0A,C0B');
});

describe('a policy', () => {
  const stored = (policy: Partial<ApprovalPolicy>) => {
    const approvals = create({ default: { ...GOOD, ...policy } });
    approvals.addStateMachine(StateMachine.fromStateMachineName(approvals, 'Machine', 'migration'));
    const parameters = Template.fromStack(Stack.of(approvals)).findResources('AWS::SSM::Parameter');
    const found = Object.values(parameters).find(
      ({ Properties }) => Properties.Name === '/countersign/ops/policies/default',
    );
    return JSON.parse(found?.['Properties'].Value);
  };

  it('is stored as a parameter, with its defaults', () => {
    expect(stored({})).toEqual({
      channel: 'C0OPERATIONS',
      approvers: ['U0BEN', 'U0CHLOE'],
      tiers: [{ upToUsd: 1e12, approvals: 1 }],
      escalation: { remindAt: 0.5, escalateTo: [] },
      confirmFromUsd: 10_000,
      delegates: ['U0BEN', 'U0CHLOE'],
      broadcast: ['done', 'partly', 'unfilled', 'halted', 'failed'],
    });
  });

  it('is stored as it was given', () => {
    const tiers = [
      { upToUsd: 10, approvals: 1 },
      { upToUsd: 500, approvals: 2, approvers: ['S0LEADS'] },
    ];
    const labels = { approveLabel: 'Deploy', declineLabel: 'Not now' };
    const people = { tiers, escalateTo: ['S0CTO'], ...labels };
    expect(stored({ ...people, remindAtPercent: 0, broadcast: [], confirmFromUsd: 0 })).toEqual({
      channel: 'C0OPERATIONS',
      approvers: ['U0BEN', 'U0CHLOE'],
      tiers,
      escalation: { escalateAt: 0.75, escalateTo: ['S0CTO'] },
      confirmFromUsd: 0,
      delegates: ['U0BEN', 'U0CHLOE', 'S0LEADS'],
      broadcast: [],
      labels: { approve: 'Deploy', decline: 'Not now' },
    });
    expect(stored({ delegates: 'none' }).delegates).toEqual([]);
    expect(stored({ delegates: 'anyone' }).delegates).toBe('anyone');
  });
});
