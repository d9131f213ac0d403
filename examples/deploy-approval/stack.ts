// A deployment that waits for people: an example of a state machine of one's own. The README beside it explains it.
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { Choice, Condition, DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { BundledFunction } from '../../stack/bundled-function.ts';
import { PublishResult } from '../../stack/publish-result.ts';
import { RequestApproval } from '../../stack/request-approval.ts';
import { SlackApprovals } from '../../stack/slack-approvals.ts';

const NAME = 'deploy-approval';

class DeployStack extends Stack {
  constructor(app: App) {
    super(app, 'DeployApproval', { description: 'A deployment that waits for people in Slack' });
    const where = { stage: 'deploy', channel: 'C0DEPLOYS', approvers: ['U0BEN', 'U0CHLOE'] };
    const approvals = new SlackApprovals(this, 'SlackApprovals', where);
    const ask = new RequestApproval(this, 'Request Human Approval', approvals);
    const report = new PublishResult(this, 'Report Result', approvals);

    const checkBuild = this.state('Check Build', 'check-build.ts');
    const deploy = this.state('Deploy', 'deploy.ts').next(report);
    const decided = new Choice(this, 'Deploy or Not?')
      .when(Condition.stringEquals('$.approval.outcome', 'approved'), deploy)
      .otherwise(report);
    const stateMachine = new StateMachine(this, 'StateMachine', {
      stateMachineName: NAME,
      definitionBody: DefinitionBody.fromChainable(checkBuild.next(ask).next(decided)),
    });
    approvals.addStateMachine(stateMachine, NAME);
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

new DeployStack(new App());
