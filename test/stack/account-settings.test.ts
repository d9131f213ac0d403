// Tests the settings that follow the rules of an organization, in the template: a KMS key, tags, tracing, the reserved
// concurrency of the bot, and a permissions boundary.
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import cdkJson from '../../cdk.json' with { type: 'json' };
import { CountersignStack } from '../../stack/trading/countersign-stack.ts';
import { readSettings } from '../../stack/trading/settings.ts';
import { type Resource, resourcesOf } from '../support/template.ts';

const KEY = 'arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';

function templateWith(context: object): Template {
  const app = new App({ context: { ...cdkJson.context, 'aws:cdk:bundling-stacks': [], ...context } });
  return Template.fromStack(new CountersignStack(app, 'Countersign-dev', readSettings(app.node)));
}

const byDefault = templateWith({});

/** Names of the roles whose policies have a statement with this action, without the hashes of CDK. */
function rolesWith(template: Template, action: string): readonly string[] {
  return resourcesOf(template, 'AWS::IAM::Policy')
    .filter(({ Properties }) =>
      Properties['PolicyDocument'].Statement.some((each: any) => [each.Action].flat().includes(action)),
    )
    .map(({ Properties }) => Properties['Roles'][0].Ref.replace(/[0-9A-F]{8}$/, ''));
}

describe('kmsKeyArn', () => {
  const template = templateWith({ kmsKeyArn: KEY });

  it.each<[string, number, (properties: Resource['Properties']) => unknown]>([
    ['AWS::SQS::Queue', 12, ({ KmsMasterKeyId }) => KmsMasterKeyId],
    ['AWS::SNS::Topic', 2, ({ KmsMasterKeyId }) => KmsMasterKeyId],
    ['AWS::DynamoDB::Table', 3, ({ SSESpecification }) => SSESpecification?.KMSMasterKeyId],
    ['AWS::SecretsManager::Secret', 1, ({ KmsKeyId }) => KmsKeyId],
    ['AWS::Logs::LogGroup', 15, ({ KmsKeyId }) => KmsKeyId],
    [
      'AWS::S3::Bucket',
      1,
      ({ BucketEncryption }) =>
        BucketEncryption.ServerSideEncryptionConfiguration[0].ServerSideEncryptionByDefault.KMSMasterKeyID,
    ],
  ])('encrypts every %s', (type, count, keyOf) => {
    const keys = resourcesOf(template, type).map(({ Properties }) => keyOf(Properties));
    expect(keys).toEqual(Array.from({ length: count }, () => KEY));
  });

  it('turns off the keys of SQS, and uses tables with the key', () => {
    for (const { Properties } of resourcesOf(template, 'AWS::SQS::Queue'))
      expect(Properties).not.toHaveProperty('SqsManagedSseEnabled');
    template.allResourcesProperties('AWS::DynamoDB::Table', {
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
    });
  });

  it('allows the roles that read or write what is encrypted to use this key, and no others', () => {
    const users = [
      'SlackApprovalsBotRole',
      'SlackApprovalsReconcilerRole',
      'SlackApprovalsRelayResultRole',
      'SlackApprovalsReportFailureRole',
      'SlackApprovalsRequestApprovalRole',
      'TradingWorkflowBuyStockRole',
      'TradingWorkflowCancelOrderRole',
      'TradingWorkflowCheckOrderRole',
      'TradingWorkflowCheckStockPriceRole',
      'TradingWorkflowEndedExecutionsEndOrdersRole',
      'TradingWorkflowEndedExecutionsSweepOrdersRole',
      'TradingWorkflowPreTradeCheckRole',
      'TradingWorkflowSellStockRole',
      'TradingWorkflowStateMachineRole',
    ];
    for (const action of ['kms:Decrypt', 'kms:GenerateDataKey'])
      expect(rolesWith(template, action).toSorted()).toEqual(users);
    const statements = resourcesOf(template, 'AWS::IAM::Policy')
      .flatMap(({ Properties }) => Properties['PolicyDocument'].Statement)
      .filter((each: any) => JSON.stringify(each).includes('kms:'));
    for (const { Action, Resource: on } of statements)
      expect({ Action, on }).toEqual({ Action: ['kms:Decrypt', 'kms:GenerateDataKey'], on: KEY });
  });

  it('is off by default', () => {
    expect(JSON.stringify(byDefault.toJSON())).not.toMatch(/kms/i);
  });
});

describe('tags', () => {
  /** Resources that have tags in CloudFormation. */
  const taggable =
    /Lambda::(Function|EventSourceMapping)|IAM::Role|SQS::Queue$|SNS::Topic$|Events::Rule|StateMachine|Table$|S3::Bucket$|Secret$|Alarm|LogGroup/;
  const tagsIn = (template: Template) =>
    Object.values(template.toJSON()['Resources'])
      .filter(({ Type }: any) => taggable.test(Type))
      .map(({ Type, Properties: { Tags } }: any) => ({
        Type,
        tags: Object.fromEntries((Tags ?? []).map(({ Key, Value }: any) => [Key, Value])),
      }));

  it.each<[string, object, object]>([
    ['by default with the stage', {}, { 'countersign:stage': 'dev' }],
    [
      'with those of the setting too',
      { tags: { team: 'trading', 'cost-center': '42' } },
      { 'countersign:stage': 'dev', team: 'trading', 'cost-center': '42' },
    ],
    [
      'also if the setting is JSON text, as on the command line',
      { tags: '{"team":"trading"}' },
      { 'countersign:stage': 'dev', team: 'trading' },
    ],
  ])('are on every resource, %s', (_, context, tags) => {
    const found = tagsIn(templateWith(context));
    expect(found.length).toBeGreaterThan(70);
    for (const each of found) expect(each).toEqual({ Type: each.Type, tags });
  });
});

describe('tracing', () => {
  const template = templateWith({ tracing: 'on' });

  it('traces every function and the state machine, whose roles may send traces', () => {
    template.allResourcesProperties('AWS::Lambda::Function', { TracingConfig: { Mode: 'Active' } });
    template.hasResourceProperties('AWS::StepFunctions::StateMachine', {
      TracingConfiguration: { Enabled: true },
    });
    expect(rolesWith(template, 'xray:PutTraceSegments')).toHaveLength(15);
    expect(rolesWith(template, 'xray:GetSamplingRules')).toEqual(['TradingWorkflowStateMachineRole']);
  });

  it('changes no code and no environment, and is off by default', () => {
    const without = resourcesOf(template, 'AWS::Lambda::Function').map(
      ({ Properties: { TracingConfig: _config, ...rest } }) => rest,
    );
    expect(without).toEqual(
      resourcesOf(byDefault, 'AWS::Lambda::Function').map(({ Properties }) => Properties),
    );
    expect(JSON.stringify(byDefault.toJSON())).not.toMatch(/xray|Tracing/);
  });
});

describe('botConcurrency', () => {
  const reservedIn = (template: Template) =>
    resourcesOf(template, 'AWS::Lambda::Function')
      .filter(({ Properties }) => 'ReservedConcurrentExecutions' in Properties)
      .map(({ id, Properties }) => [id.slice(0, -8), Properties['ReservedConcurrentExecutions']]);

  it('reserves concurrency for the bot alone, and none by default', () => {
    expect(reservedIn(templateWith({ botConcurrency: 20 }))).toEqual([['SlackApprovalsBot', 20]]);
    expect(reservedIn(byDefault)).toEqual([]);
  });
});

describe('a permissions boundary in the context of CDK', () => {
  it('is on every role', () => {
    const template = templateWith({ '@aws-cdk/core:permissionsBoundary': { name: 'developers' } });
    const roles = resourcesOf(template, 'AWS::IAM::Role');
    expect(roles).toHaveLength(15);
    for (const { Properties } of roles)
      expect(JSON.stringify(Properties['PermissionsBoundary'])).toContain(':policy/developers');
  });
});
