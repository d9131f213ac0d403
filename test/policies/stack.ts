// State machines that ask by named policies: two that may use theirs, and one that names a policy that it may not use. The
// test beside it runs them. Each gets its request in its input.
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { Choice, DefinitionBody, Pass, Result, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { PublishResult, RequestApproval, SlackApprovals } from 'countersign';

const app = new App();
const stack = new Stack(app, 'Policies');
const approvals = new SlackApprovals(stack, 'SlackApprovals', {
  policies: {
    default: { channel: 'C0DEPLOYS', approvers: ['U0BEN', 'U0CHLOE'] },
    database: {
      channel: 'C0DATABASE',
      approvers: ['U0CHLOE', 'U0DANA'],
      approvals: 2,
      timeout: Duration.hours(4),
      escalateTo: ['U0BEN'],
      approveLabel: 'Migrate',
      declineLabel: 'Not now',
    },
  },
});

/** @param policy that the state names @param policies that the state machine may use */
function machine(name: string, policy: string, policies: readonly string[]): void {
  const ask = new RequestApproval(stack, `${name} Ask`, { approvals, policy });
  const publish = new PublishResult(stack, `${name} Publish`, { approvals });
  const done = { outcome: 'done', text: `${name} is done.` };
  const work = new Pass(stack, `${name} Work`, { result: Result.fromObject(done), resultPath: '$.result' });
  const decided = new Choice(stack, `${name} Approved?`).when(ask.approved, work.next(publish));
  const stateMachine = new StateMachine(stack, name, {
    stateMachineName: name.toLowerCase(),
    definitionBody: DefinitionBody.fromChainable(ask.next(decided.otherwise(publish))),
  });
  // Synthesis refuses a state machine of the app whose state names a policy that it may not use.
  if (policies.includes(policy)) approvals.addStateMachine(stateMachine, { policies });
  else approvals.addStateMachines({ match: name.toLowerCase(), policies });
  void new CfnOutput(stack, `${name}Arn`, { value: stateMachine.stateMachineArn });
}

machine('Deploy', 'default', ['default']);
machine('Migration', 'database', ['database', 'default']);
machine('Intruder', 'database', ['default']);
