// Tests the templates of AWS GovCloud (US), China and a commercial region: no ARN and no host of another partition. And
// that synthesis refuses each region without Lambda Function URLs by its name.
import { App, Stage } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import cdkJson from '../../cdk.json' with { type: 'json' };
import { CountersignStack } from '../../stack/trading/countersign-stack.ts';
import { readSettings } from '../../stack/trading/settings.ts';

/** @param region if undefined, the stack is for any region */
function stageIn(region?: string) {
  const app = new App({ context: { ...cdkJson.context, 'aws:cdk:bundling-stacks': [] } });
  const env = { account: '111122223333', ...(region ? { region } : {}) };
  const stage = new Stage(app, 'In', { env });
  return { stage, stack: new CountersignStack(stage, 'Countersign-dev', readSettings(app.node)) };
}

/** The template, also of a region that a deployment refuses: which features AWS offers there may change. */
function templateIn(region: string): Record<string, any> {
  const { stage, stack } = stageIn(region);
  return stage.synth({ skipValidation: true }).getStackArtifact(stack.artifactId).template;
}

/**
 * Every string and every name of a property, without service principals. CDK gives those the name that they have in the
 * region: https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_iam.ServicePrincipal.html
 */
function textsIn(value: unknown, path = ''): readonly string[] {
  if (path.endsWith('.Principal.Service')) return [];
  if (typeof value === 'string') return [`${path}: ${value}`];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => [key, ...textsIn(member, `${path}.${key}`)]);
}

const OTHERS = {
  aws: /arn:aws-|amazonaws\.com\.cn|amazonaws-us-gov|us-gov-|cn-north/,
  'aws-us-gov': /arn:aws:|arn:aws-cn|aws\.amazon\.com|amazonaws\.cn|us-east-1|cn-north/,
  'aws-cn': /arn:aws:|arn:aws-us-gov|aws\.amazon\.com|amazonaws\.com(?!\.cn)|us-east-1|us-gov/,
};

describe.each([
  ['aws', 'us-east-1'],
  ['aws-us-gov', 'us-gov-west-1'],
  ['aws-cn', 'cn-north-1'],
] as const)('the template of partition %s', (partition, region) => {
  const template = templateIn(region);
  const links = /https:\/\/docs\.aws\.amazon\.com/;

  it('has no ARN and no host of another partition, in no property, definition and variable', () => {
    const found = textsIn(template).filter((text) => OTHERS[partition].test(text) && !links.test(text));
    expect(found).toEqual([]);
  });

  it('has ARNs of its partition, and a definition that calls its services', () => {
    expect(JSON.stringify(template)).toContain(`arn:${partition}:`);
    const machine: any = Object.values(template['Resources']).find(
      ({ Type }: any) => Type === 'AWS::StepFunctions::StateMachine',
    );
    const { DefinitionString, DefinitionSubstitutions } = machine.Properties;
    expect(DefinitionSubstitutions.Partition).toBe(partition);
    const resources = [...DefinitionString.matchAll(/"Resource": "(arn:[^"]+)"/g)].map(([, arn]) => arn);
    expect(resources).toEqual([
      'arn:${Partition}:states:::sqs:sendMessage.waitForTaskToken',
      'arn:${Partition}:states:::sns:publish',
    ]);
  });
});

describe('synthesis', () => {
  it.each(['cn-north-1', 'cn-northwest-1', 'us-gov-west-1', 'us-gov-east-1', 'me-central-1', 'ca-west-1'])(
    'refuses %s by its name, because Lambda has no Function URLs there',
    (region) => {
      expect(() => stageIn(region).stage.synth()).toThrow(
        `Lambda has no Function URLs in ${region}, so Slack could not reach the bot. Deploy to another region, for example eu-central-1.`,
      );
    },
  );

  it.each(['us-east-1', 'eu-central-1', undefined])('accepts %s', (region) => {
    expect(() => stageIn(region).stage.synth()).not.toThrow();
  });
});
