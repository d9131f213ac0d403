// Turns on AWS X-Ray for functions and state machines. Lambda and Step Functions send the traces themselves, so neither
// the code of the functions nor their calls change. `applyAccountSettings` calls it.
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnStateMachine, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { IConstruct } from 'constructs';

/** https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html. These actions have no resources. */
const SEND = ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'];

/** https://docs.aws.amazon.com/step-functions/latest/dg/concepts-xray-tracing.html */
const SAMPLE = ['xray:GetSamplingRules', 'xray:GetSamplingTargets'];

export function trace(scope: IConstruct): void {
  for (const each of scope.node.findAll()) {
    if (each instanceof CfnFunction) each.tracingConfig = { mode: 'Active' };
    if (each instanceof CfnStateMachine) each.tracingConfiguration = { enabled: true };
    if (each instanceof LambdaFunction) each.addToRolePolicy(allow(SEND));
    if (each instanceof StateMachine) each.addToRolePolicy(allow([...SEND, ...SAMPLE]));
  }
}

function allow(actions: string[]): PolicyStatement {
  return new PolicyStatement({ actions, resources: ['*'] });
}
