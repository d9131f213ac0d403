// Tests the synthesised template: the safeguards for operators, and every grant.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, inject, it } from 'vitest';
import { resourcesOf, synthesised } from '../support/template.ts';

const template = synthesised();

describe('stack', () => {
  it('has no finding of the validation of CDK', () => {
    const report = JSON.parse(readFileSync(join(inject('assembly'), 'validation-report.json'), 'utf8'));
    expect(report.pluginReports).toEqual([]);
  });

  it('runs every function on Node 24 and arm64, from one bundled file, with a log retention', () => {
    const functions = resourcesOf(template, 'AWS::Lambda::Function');
    expect(functions).toHaveLength(14);
    for (const { Properties } of functions) {
      expect(Properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Handler: 'index.handler',
      });
      const folder = join(inject('assembly'), `asset.${Properties['Code'].S3Key.replace('.zip', '')}`);
      expect(existsSync(join(folder, 'index.mjs'))).toBe(true);
      expect(Properties['LoggingConfig'].LogGroup).toBeDefined();
    }
    for (const { Properties } of resourcesOf(template, 'AWS::Logs::LogGroup'))
      expect(Properties['RetentionInDays']).toBe(90);
  });

  it('has a dead-letter queue for every work queue, and reports failed records individually', () => {
    const queues = resourcesOf(template, 'AWS::SQS::Queue').filter(({ id }) => !id.includes('DeadLetters'));
    expect(queues).toHaveLength(6);
    for (const { Properties } of queues)
      expect(Properties['RedrivePolicy'].deadLetterTargetArn).toBeDefined();
    const deliveries = resourcesOf(template, 'AWS::Lambda::EventSourceMapping');
    expect(deliveries).toHaveLength(6);
    for (const { Properties } of deliveries)
      expect(Properties['FunctionResponseTypes']).toEqual(['ReportBatchItemFailures']);
  });

  it('delivers at most two batches of a queue at once', () => {
    template.allResourcesProperties('AWS::Lambda::EventSourceMapping', {
      ScalingConfig: { MaximumConcurrency: 2 },
    });
  });

  it('receives a message often enough that a throttle of fifteen minutes leaves one receive to spare', () => {
    const queues = resourcesOf(template, 'AWS::SQS::Queue').filter(({ id }) => !id.includes('DeadLetters'));
    const counts = queues.map(({ Properties }) => [
      Properties['VisibilityTimeout'],
      Properties['RedrivePolicy'].maxReceiveCount,
    ]);
    // Of ten receives, one each two minutes, eight are throttled, one is to spare, and one handles the message.
    expect(new Set(counts.map(String))).toEqual(new Set(['120,10', '180,8', '300,6']));
  });

  it('allows the recursive loop of the functions that send messages back to their queues, and of no other', () => {
    const functions = resourcesOf(template, 'AWS::Lambda::Function');
    const requeue = functions.filter(({ Properties }) => Properties['Environment']?.Variables.QUEUE_URL);
    expect(requeue).toHaveLength(4);
    expect(functions.filter(({ Properties }) => Properties['RecursiveLoop'] === 'Allow')).toEqual(requeue);
  });

  it('has visibility timeouts of six times the function timeout', () => {
    const timeouts = new Map(
      resourcesOf(template, 'AWS::Lambda::Function').map(({ id, Properties }) => [id, Properties['Timeout']]),
    );
    const visible = new Map(
      resourcesOf(template, 'AWS::SQS::Queue').map(({ id, Properties }) => [
        id,
        Properties['VisibilityTimeout'],
      ]),
    );
    for (const { Properties } of resourcesOf(template, 'AWS::Lambda::EventSourceMapping')) {
      const timeout = timeouts.get(Properties['FunctionName'].Ref);
      expect(visible.get(Properties['EventSourceArn']['Fn::GetAtt'][0])).toBe(6 * timeout);
    }
  });

  it('retains its tables, with point-in-time recovery and on-demand billing', () => {
    template.allResources('AWS::DynamoDB::Table', { DeletionPolicy: 'Retain' });
    template.allResourcesProperties('AWS::DynamoDB::Table', {
      BillingMode: 'PAY_PER_REQUEST',
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });
  });

  it('protects the tables with decisions, fills and the audit from deletion', () => {
    template.resourceCountIs('AWS::DynamoDB::Table', 3);
    template.allResourcesProperties('AWS::DynamoDB::Table', { DeletionProtectionEnabled: true });
  });

  it("names the state machine's log group so that it needs no resource policy of its own, unique by stage", () => {
    template.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: '/aws/vendedlogs/states/countersign-dev-trading',
    });
  });

  it('logs executions without their data, which contains task tokens', () => {
    template.hasResourceProperties('AWS::StepFunctions::StateMachine', {
      LoggingConfiguration: { IncludeExecutionData: false, Level: 'ALL' },
    });
  });

  it('handles every execution that ends without reporting', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.states'],
        'detail-type': ['Step Functions Execution Status Change'],
        detail: { status: ['FAILED', 'TIMED_OUT', 'ABORTED'], stateMachineArn: [Match.anyValue()] },
      },
    });
  });

  it('contains no secret in the template', () => {
    template.resourceCountIs('AWS::SecretsManager::Secret', 1);
    template.hasResourceProperties('AWS::SecretsManager::Secret', { SecretString: '{}' });
  });

  it('grants each role exactly these actions, on named resources', () => {
    expect(Object.fromEntries(grants())).toMatchSnapshot();
  });

  /** Role → "actions on resources", a line a statement, with logical ids cut of their hashes. */
  function grants(): [string, string[]][] {
    return resourcesOf(template, 'AWS::IAM::Policy').map(({ Properties }) => [
      named(Properties['Roles'][0].Ref),
      Properties['PolicyDocument'].Statement.map(
        ({ Action, Resource }: { Action: unknown; Resource: unknown }) =>
          `${[Action].flat().join(', ')} on ${[Resource]
            .flat()
            .map((each) => named(JSON.stringify(each)))
            .join(', ')}`,
      ),
    ]);
  }

  function named(id: string): string {
    return id.replaceAll(/([A-Za-z]+)[0-9A-F]{8}/g, '$1');
  }
});
