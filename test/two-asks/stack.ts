// A state machine that asks twice: first quality, then operations, unless the first request is declined. AWS generates
// its name. The test beside it runs it.
import { App, CfnOutput, Duration, Stack, Tags } from 'aws-cdk-lib';
import { Choice, Condition, DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { BundledFunction } from '../../stack/bundled-function.ts';
import { PublishResult } from '../../stack/publish-result.ts';
import { RequestApproval } from '../../stack/request-approval.ts';
import { SlackApprovals } from '../../stack/slack-approvals.ts';

class TwoAsks extends Stack {
  constructor(app: App) {
    super(app, 'TwoAsks');
    const policies = { default: { channel: 'C0DEPLOYS', approvers: ['U0BEN', 'U0CHLOE'] } };
    const approvals = new SlackApprovals(this, 'SlackApprovals', { stage: 'two', policies });
    const report = new PublishResult(this, 'Report Result', { approvals });
    const deploy = this.state('Deploy', 'deploy.ts').next(report);
    const declined = Condition.stringEquals('$.approval.outcome', 'declined');
    const timeout = Duration.minutes(30);
    const second = new RequestApproval(this, 'Ask Operations', { approvals, timeout });
    const decided = second.next(
      new Choice(this, 'Deploy or Not?').when(second.approved, deploy).otherwise(report),
    );
    const first = new RequestApproval(this, 'Ask Quality', { approvals }).next(
      new Choice(this, 'Go On or Not?').when(declined, report).otherwise(decided),
    );
    const stateMachine = new StateMachine(this, 'StateMachine', {
      definitionBody: DefinitionBody.fromChainable(this.state('Check Build', 'check-build.ts').next(first)),
    });
    // `-c match=…` allows the state machine by its name, as if it were in another app.
    const match: unknown = this.node.tryGetContext('match');
    if (typeof match === 'string') {
      approvals.addStateMachines({ match });
      Tags.of(stateMachine.role).add('countersign:publishes', 'two');
    } else approvals.addStateMachine(stateMachine);
    new CfnOutput(this, 'StateMachineArn', { value: stateMachine.stateMachineArn });
  }

  private state(name: string, file: string): LambdaInvoke {
    const lambdaFunction = new BundledFunction(this, `${name} Function`, {
      entry: `examples/deploy-approval/${file}`,
      timeoutSeconds: 20,
      isState: true,
    });
    return new LambdaInvoke(this, name, { lambdaFunction, payloadResponseOnly: true });
  }
}

new TwoAsks(new App());
