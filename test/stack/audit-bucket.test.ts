// Tests the bucket with the copies of the audit in the template: its lock, its policy, and who may write. How S3 applies
// them is tested by the stories of the audit.
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { describe, expect, it } from 'vitest';
import { SlackApprovals } from '../../stack/slack-approvals.ts';

type Settings = Partial<ConstructorParameters<typeof SlackApprovals>[2]>;

function templateOf(settings: Settings = {}): Template {
  const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } });
  const stack = new Stack(app, 'Approvals');
  const approvals = new SlackApprovals(stack, 'SlackApprovals', {
    stage: 'dev',
    policies: { default: { channel: 'C0TRADING', approvers: ['U0BEN'] } },
    ...settings,
  });
  approvals.addStateMachine(StateMachine.fromStateMachineName(stack, 'Machine', 'migration'));
  return Template.fromStack(stack);
}

const only = (template: Template, type: string): any => Object.values(template.findResources(type))[0];
const retentionOf = (template: Template) =>
  only(template, 'AWS::S3::Bucket').Properties.ObjectLockConfiguration.Rule.DefaultRetention;

describe('the bucket of the audit', () => {
  it('locks each copy for seven years in governance mode by default, and is kept with its policy', () => {
    const template = templateOf();
    expect(retentionOf(template)).toEqual({ Mode: 'GOVERNANCE', Days: 2_557 });
    for (const type of ['AWS::S3::Bucket', 'AWS::S3::BucketPolicy'])
      expect(only(template, type)).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(only(template, 'AWS::S3::Bucket').Properties).toMatchObject({
      ObjectLockEnabled: true,
      VersioningConfiguration: { Status: 'Enabled' },
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
    });
  });

  it('locks as the settings say', () => {
    const template = templateOf({ auditRetentionMode: 'compliance', auditRetentionDays: 30 });
    expect(retentionOf(template)).toEqual({ Mode: 'COMPLIANCE', Days: 30 });
  });

  it('denies everyone to delete, to bypass the lock, to replicate, and to put without If-None-Match', () => {
    const { Statement } = only(templateOf(), 'AWS::S3::BucketPolicy').Properties.PolicyDocument;
    const denied = Statement.filter(
      ({ Effect, Principal }: any) => Effect === 'Deny' && Principal.AWS === '*',
    ).map(({ Action, Condition }: any) => [[Action].flat().join(' '), Object.keys(Condition ?? {}).join()]);
    expect(denied).toEqual([
      ['s3:*', 'Bool'],
      ['s3:PutObject', 'ArnNotEquals'],
      ['s3:PutObject', 'Null'],
      ['s3:DeleteObject s3:DeleteObjectVersion s3:BypassGovernanceRetention', ''],
      ['s3:ReplicateObject s3:ReplicateDelete', ''],
    ]);
  });

  it('lets two functions add copies, and none of them read or delete one', () => {
    const policies = Object.values(templateOf().findResources('AWS::IAM::Policy'));
    const granted: string[] = policies.flatMap(({ Properties }: any) =>
      Properties.PolicyDocument.Statement.flatMap(({ Action }: any) => [Action].flat())
        .filter((action: string) => action.startsWith('s3:'))
        .map((action: string) => `${Properties.Roles[0].Ref.replace(/[0-9A-F]{8}$/, '')} ${action}`),
    );
    expect(granted.toSorted()).toEqual([
      'SlackApprovalsReconcilerRole s3:PutObject',
      'SlackApprovalsRelayResultRole s3:PutObject',
    ]);
  });

  it('lets them put a legal hold if the setting asks for it', () => {
    const template = JSON.stringify(templateOf({ auditLegalHold: 'on' }).toJSON());
    expect(template.match(/s3:PutObjectLegalHold/g)).toHaveLength(2);
    expect(template.match(/"AUDIT_LEGAL_HOLD":"on"/g)).toHaveLength(2);
    expect(JSON.stringify(templateOf().toJSON())).not.toContain('LegalHold');
  });
});
