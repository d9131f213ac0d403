// An app of somebody who installed the package: a migration that waits for approval. `package.slow.test.ts` copies it
// into a folder outside the repository, so it may import only what such an app has.
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { Choice, DefinitionBody, Pass, Result, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Alarms, PublishResult, RequestApproval, SlackApprovals } from 'countersign';

const app = new App();
const stack = new Stack(app, 'Migration');
const approvals = new SlackApprovals(stack, 'Approvals', {
  stage: 'migrations',
  policies: { default: { channel: 'C0OPS', approvers: ['U0BEN', 'U0CHLOE'] } },
});
const plan = new Pass(stack, 'Plan', {
  result: Result.fromObject({ title: 'Migrate orders to v2', facts: [], reason: 'The backup is done.' }),
  resultPath: '$.request',
});
const ask = new RequestApproval(stack, 'Ask', { approvals });
const migrate = new Pass(stack, 'Migrate', {
  result: Result.fromObject({ outcome: 'done', label: 'Migrated', text: 'Orders are in v2.' }),
  resultPath: '$.result',
});
const publish = new PublishResult(stack, 'Publish', { approvals });
const decided = new Choice(stack, 'Approved?').when(ask.approved, migrate.next(publish)).otherwise(publish);
const stateMachine = new StateMachine(stack, 'StateMachine', {
  stateMachineName: 'migration',
  definitionBody: DefinitionBody.fromChainable(plan.next(ask).next(decided)),
});
approvals.addStateMachine(stateMachine);
new CfnOutput(stack, 'StateMachineArn', { value: stateMachine.stateMachineArn });
new Alarms(stack, 'Alarms', 'migrations');
app.synth();
