// Tests that `SlackApprovals` refuses props that nobody could approve with, in an app that does not read CDK context.
import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { SlackApprovals, type SlackApprovalsProps } from '../../stack/slack-approvals.ts';

const GOOD = { stage: 'ops', channel: 'C0OPERATIONS', approvers: ['U0BEN', 'U0CHLOE'] };

const create = (props: Partial<SlackApprovalsProps>) =>
  new SlackApprovals(
    new Stack(new App({ context: { 'aws:cdk:bundling-stacks': [] } }), 'Operations'),
    'Approvals',
    { ...GOOD, ...props },
  );

describe('SlackApprovals', () => {
  it.each<[string, Partial<SlackApprovalsProps>, string]>([
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
      'a stage with capitals',
      { stage: 'Prod' },
      'stage must be a short name in lower case; it is "Prod". For example: stage: "prod".',
    ],
    [
      'escalation to a name',
      { escalateTo: ['leads'] },
      'escalateTo must be ids of Slack users or user groups; it has "leads". For example: escalateTo: ["U012AB3CD","S0614TZR7"].',
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
      'tiers must not need more approvals than people are named; tier 1 needs 3 of U0BEN, U0CHLOE. For example: tiers: [{"upToUsd":1000,"approvals":1},{"upToUsd":50000,"approvals":2}].',
    ],
    [
      'more approvals than people of the tier',
      { tiers: [{ upToUsd: 500, approvals: 2, approvers: ['W0DANA'] }] },
      'tiers must not need more approvals than people are named; tier 1 needs 2 of W0DANA. For example: tiers: [{"upToUsd":1000,"approvals":1},{"upToUsd":50000,"approvals":2}].',
    ],
    [
      'a tier for nobody',
      { tiers: [{ upToUsd: 500, approvals: 1, approvers: [] }] },
      'tiers[0].approvers must be at least one id of a Slack user or user group; it is []. For example: approvers: ["U012AB3CD","S0614TZR7"].',
    ],
  ])('refuses %s', (_, props, message) => {
    expect(() => create(props)).toThrow(`Operations/Approvals: ${message}`);
  });

  it('accepts more approvals than ids if one of them is a user group', () => {
    const tiers = [{ upToUsd: 500, approvals: 3 }];
    expect(() => create({ approvers: ['U0BEN', 'S0TEAM'], tiers })).not.toThrow();
  });

  it('accepts a channel and approvers that are known only in the deployment', () => {
    const stack = new Stack(new App({ context: { 'aws:cdk:bundling-stacks': [] } }), 'Operations');
    const given = (id: string) => new CfnParameter(stack, id).valueAsString;
    const props = { ...GOOD, channel: given('Channel'), approvers: [given('Approvers')] };
    expect(() => new SlackApprovals(stack, 'Approvals', props)).not.toThrow();
  });
});
