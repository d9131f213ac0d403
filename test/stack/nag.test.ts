// Checks the stack against the AWS Solutions rules (cdk-nag): no finding except those accepted here, each with a
// reason.
import { App, Aspects } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import cdkJson from '../../cdk.json' with { type: 'json' };
import { CountersignStack } from '../../stack/trading/countersign-stack.ts';
import { readSettings } from '../../stack/trading/settings.ts';

const accepted: readonly { readonly finding: RegExp; readonly reason: string }[] = [
  {
    finding: /AwsSolutions-IAM5\[Resource::arn:.*:execution:countersign-dev-trading:\*\]/,
    reason: 'The executions of this one state machine: their names are not known before.',
  },
  {
    finding: /StateMachine\/Role\/.*AwsSolutions-IAM5\[Resource::\*\]/,
    reason:
      'Log delivery, which takes no resource: https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html',
  },
  {
    finding: /AwsSolutions-IAM5\[Resource::<SlackApprovalsStorageAuditBucketCopies\w+\.Arn>\/\*\]/,
    reason: 'The copies of the audit: their names are not known before.',
  },
  {
    finding: /AuditBucket\/Copies\/Resource: "AwsSolutions-S1/,
    reason:
      "Access logs would need a second bucket. CloudTrail's data events say who read or wrote, for who needs it.",
  },
  {
    finding: /AwsSolutions-IAM5\[Resource::arn:.*:parameter\/countersign\/dev\/\*\]/,
    reason: 'The parameters of this stage: those of state machines are known only when they are added.',
  },
  {
    finding: /AwsSolutions-SMG4/,
    reason: "The secret is Slack's; Slack alone can change it, and it is put here by hand.",
  },
  {
    finding: /AwsSolutions-SF2/,
    reason: 'Traces of an execution that waits for people for hours tell nothing that its history does not.',
  },
];

const app = new App({ context: { ...cdkJson.context, 'aws:cdk:bundling-stacks': [] } });
const stack = new CountersignStack(app, 'Countersign-dev', readSettings(app.node));
Aspects.of(app).add(new AwsSolutionsChecks());
const annotations = Annotations.fromStack(stack);
const any = Match.stringLikeRegexp('AwsSolutions-.*');
const findings = [...annotations.findError('*', any), ...annotations.findWarning('*', any)].map(
  ({ id, entry }) => `${id}: ${JSON.stringify(entry.data)}`,
);

describe('cdk-nag', () => {
  it('has no finding that is not accepted with a reason', () => {
    expect(findings.filter((found) => !accepted.some(({ finding }) => finding.test(found)))).toEqual([]);
  });

  it.each(accepted)('still finds $finding: $reason', ({ finding }) => {
    expect(findings.some((found) => finding.test(found))).toBe(true);
  });
});
