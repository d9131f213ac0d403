// An app of somebody who installed the package: a migration and a refund, which wait for approval by two policies, and a
// state machine that changes what is asked. `package.slow.test.ts` copies it into a folder outside the repository, so it
// may import only what such an app has.
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import {
  Choice,
  DefinitionBody,
  JsonPath,
  Pass,
  Result,
  StateMachine,
  TaskInput,
} from 'aws-cdk-lib/aws-stepfunctions';
import { SnsPublish } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Alarms, PublishResult, RequestApproval, SlackApprovals } from 'countersign';

const app = new App();
const stack = new Stack(app, 'Operations');
const approvals = new SlackApprovals(stack, 'Approvals', {
  stage: 'operations',
  policies: {
    default: { channel: 'C0REFUNDS', approvers: ['U0BEN', 'U0CHLOE'] },
    database: {
      channel: 'C0DATABASE',
      approvers: ['U0BEN', 'U0CHLOE', 'U0DANA'],
      approvals: 2,
      timeout: Duration.hours(4),
      approveLabel: 'Migrate',
    },
  },
});

/** Asks for approval of the request in the input, and publishes the result. */
function machine(name: string, policy: string, label: string): void {
  const ask = new RequestApproval(stack, `Ask ${name}`, { approvals, policy });
  const work = new Pass(stack, name, {
    result: Result.fromObject({ outcome: 'done', label, text: 'Orders are in v2.' }),
    resultPath: '$.result',
  });
  const publish = new PublishResult(stack, `Publish ${name}`, { approvals });
  const decided = new Choice(stack, `${name} approved?`)
    .when(ask.approved, work.next(publish))
    .otherwise(publish);
  const stateMachine = new StateMachine(stack, `${name}StateMachine`, {
    definitionBody: DefinitionBody.fromChainable(ask.next(decided)),
  });
  approvals.addStateMachine(stateMachine, { policies: [policy] });
  void new CfnOutput(stack, `${name}Arn`, { value: stateMachine.stateMachineArn });
}
machine('Refund', 'default', 'Refunded');
machine('Migration', 'database', 'Migrated');

const amend = new SnsPublish(stack, 'Publish Amendment', {
  topic: approvals.results,
  message: TaskInput.fromObject({
    ExecutionId: JsonPath.stringAt('$.execution'),
    Input: { amendment: JsonPath.objectAt('$.amendment') },
  }),
});
const amendments = new StateMachine(stack, 'Amendments', {
  definitionBody: DefinitionBody.fromChainable(amend),
});
approvals.addStateMachine(amendments);
void new CfnOutput(stack, 'AmendmentsArn', { value: amendments.stateMachineArn });
void new Alarms(stack, 'Alarms', 'operations');
app.synth();
