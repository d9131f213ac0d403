// Tests that settings which AWS would refuse are refused at synthesis, and that the longest settings which synthesis
// accepts stay below AWS's limits on names and sizes.
import { spawnSync } from 'node:child_process';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import cdkJson from '../../cdk.json' with { type: 'json' };
import { longestText } from '../../stack/environment-size.ts';
import { CountersignStack } from '../../stack/trading/countersign-stack.ts';
import { readSettings } from '../../stack/trading/settings.ts';
import { resourcesOf } from '../support/template.ts';

const LONGEST_STAGE = 'a-stage-of-20-letter';
const ids = (count: number, first = 0) =>
  Array.from({ length: count }, (_, at) => `U${String(first + at).padStart(10, '0')}`).join(',');

const tiersOf = (approvers: number) =>
  Array.from({ length: 10 }, (_, at) => ({
    upToUsd: 1_000 * (at + 1),
    approvals: 1,
    approvers: ids(approvers, at * approvers),
  }));

const WITHOUT_BUNDLES = { 'aws:cdk:bundling-stacks': [] };

function stackWith(context: object): CountersignStack {
  const app = new App({ context: { ...cdkJson.context, ...WITHOUT_BUNDLES, ...context } });
  const settings = readSettings(app.node);
  return new CountersignStack(app, `Countersign-${settings.stage}`, settings);
}

describe('settings with which a policy is too long for its parameter are refused', () => {
  it.each<[string, object]>([
    ['ten tiers of forty approvers', { tiers: tiersOf(40) }],
    [
      'long lists of escalation and delegates',
      { escalateTo: ids(100), delegates: ids(100, 100), approvers: ids(100, 200) },
    ],
  ])('%s', (_, context) => {
    expect(() => stackWith(context)).toThrow(
      /policies\.default has up to \d+ characters as JSON, and a parameter of Systems Manager has at most 4096\. Name user groups such as S0614TZR7 in place of user ids, or use fewer tiers\.$/,
    );
  });
});

describe('settings that make the environment of a function too large are refused', () => {
  it.each<[string, object, string]>([
    [
      'a hundred symbols beside a hundred approvers',
      {
        approvers: ids(100),
        symbols: Array.from(
          { length: 100 },
          (_, at) => `A${'ABCDEFGHIJ'[at % 10]}${'KLMNOPQRST'[Math.floor(at / 10)]}ZZZZZZ`,
        ).join(','),
      },
      '"symbols"',
    ],
  ])('%s', (_, context, settings) => {
    const refused = () => Template.fromStack(stackWith(context));
    expect(refused).toThrow(settings);
    expect(refused).toThrow(
      /^The settings .* are too long: function \w+ would have environment variables of up to \d{4,5} bytes, and Lambda allows 4096\. Name user groups such as S0614TZR7 in place of user ids, use fewer tiers, or shorten a list\.$/,
    );
  });

  it('in plain words on the command line, without a stack trace', () => {
    const given = { ...cdkJson.context, ...WITHOUT_BUNDLES, tiers: tiersOf(40) };
    const env = { ...process.env, CDK_CONTEXT_JSON: JSON.stringify(given) };
    const { status, stderr } = spawnSync(process.execPath, ['stack/trading/app.ts'], {
      env,
      encoding: 'utf8',
    });
    expect(stderr).toMatch(/^Countersign-dev\/SlackApprovals: policies\.default has up to .*\n$/);
    expect(status).toBe(1);
  });

  it('but ten tiers of four approvers are not', () => {
    expect(() => Template.fromStack(stackWith({ stage: LONGEST_STAGE, tiers: tiersOf(4) }))).not.toThrow();
  });

  it('counts a reference at the longest value that it can have', () => {
    const longest = (id: string) => longestText({ Ref: id }, 'Countersign-dev').length;
    const name = (id: string) => `Countersign-dev-${id}-1ABCDEFGHIJKL`;
    for (const arn of [
      `https://sqs.ap-southeast-1.amazonaws.com.cn/111122223333/${name('Requests')}`,
      `arn:aws-us-gov:secretsmanager:us-gov-west-1:111122223333:secret:${name('Requests')}-AbCdEf`,
    ])
      expect(longest('Requests')).toBeGreaterThanOrEqual(arn.length);
  });
});

describe('the template of the longest stage', () => {
  const stack = stackWith({ stage: LONGEST_STAGE });
  const template = Template.fromStack(stack);
  const sizeOf = (value: unknown): number => expanded(value).length;

  /** JSON without white space, in which each reference is as long as it can become. */
  function expanded(value: unknown): string {
    return JSON.stringify(value, (_, member) => {
      const [name = ''] = typeof member === 'object' && member !== null ? Object.keys(member) : [];
      return name === 'Ref' || name.startsWith('Fn::') ? longestText(member, stack.stackName) : member;
    });
  }

  it.each<[type: string, property: string, limit: number, source: string]>([
    [
      'AWS::CloudWatch::Alarm',
      'AlarmName',
      255,
      'https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html',
    ],
    [
      'AWS::CloudWatch::Alarm',
      'AlarmDescription',
      1_024,
      'https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html',
    ],
    [
      'AWS::Logs::MetricFilter',
      'FilterPattern',
      1_024,
      'https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html',
    ],
    [
      'AWS::StepFunctions::StateMachine',
      'StateMachineName',
      80,
      'https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html',
    ],
    [
      'AWS::StepFunctions::StateMachine',
      'DefinitionString',
      1_048_576,
      'https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html',
    ],
    [
      'AWS::SecretsManager::Secret',
      'Name',
      512,
      'https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html',
    ],
    [
      'AWS::Events::Rule',
      'EventPattern',
      2_048,
      'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html',
    ],
    [
      'AWS::Events::Rule',
      'Description',
      512,
      'https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html',
    ],
    [
      'AWS::IAM::Policy',
      'PolicyDocument',
      10_240,
      'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html',
    ],
    [
      'AWS::IAM::Policy',
      'PolicyName',
      128,
      'https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html',
    ],
    [
      'AWS::SNS::TopicPolicy',
      'PolicyDocument',
      30_720,
      'https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html',
    ],
    [
      'AWS::S3::BucketPolicy',
      'PolicyDocument',
      20_480,
      'https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html',
    ],
  ])('%s %s is at most %i characters: %s', (type, property, limit) => {
    const present = resourcesOf(template, type)
      .map(({ Properties }) => Properties[property])
      .filter((value) => value !== undefined);
    expect(present.length).toBeGreaterThan(0);
    for (const value of present)
      expect(typeof value === 'string' ? value.length : sizeOf(value)).toBeLessThanOrEqual(limit);
  });

  it('is smaller than CloudFormation allows', () => {
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
    const { Description = '', Outputs, Resources } = template.toJSON();
    expect(JSON.stringify(template.toJSON()).length).toBeLessThan(1_000_000);
    expect(Description.length).toBeLessThanOrEqual(1_024);
    expect(Object.keys(Outputs).length).toBeLessThanOrEqual(200);
    expect(Object.keys(Resources).length).toBeLessThanOrEqual(500);
  });
});
