// An app as `cdk init` leaves it, with functions of the CDK's own constructs and no settings for the local cloud.
// `foreign-app.slow.test.ts` copies it into such an app and synthesises it with CDK's command line.
const { join } = require('node:path');
const { App, CfnOutput, Stack } = require('aws-cdk-lib');
const { Code, Function, Runtime } = require('aws-cdk-lib/aws-lambda');
const { NodejsFunction } = require('aws-cdk-lib/aws-lambda-nodejs');
const { DefinitionBody, StateMachine } = require('aws-cdk-lib/aws-stepfunctions');
const { LambdaInvoke } = require('aws-cdk-lib/aws-stepfunctions-tasks');

const app = new App();
const stack = new Stack(app, 'Foreign');
const bundled = new NodejsFunction(stack, 'Bundled', { entry: join(__dirname, 'bundled.ts') });
const plain = new Function(stack, 'Plain', {
  code: Code.fromAsset(join(__dirname, 'plain')),
  handler: 'index.handler',
  runtime: Runtime.NODEJS_22_X,
});
const first = new LambdaInvoke(stack, 'First', { lambdaFunction: bundled, outputPath: '$.Payload' });
const second = new LambdaInvoke(stack, 'Second', { lambdaFunction: plain });
const machine = new StateMachine(stack, 'Machine', {
  definitionBody: DefinitionBody.fromChainable(first.next(second)),
});
new CfnOutput(stack, 'Arn', { value: machine.stateMachineArn });
app.synth();
