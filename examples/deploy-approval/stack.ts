// An example of your own state machine: a deployment that waits for approval. README.md explains it, and `npm run
// example` runs it.
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
    super(app, 'DeployApproval', { description: 'A deployment that waits for approval in Slack' });
    const settings = { stage: 'deploy', channel: 'C0DEPLOYS', approvers: ['U0BEN', 'U0CHLOE'] };
    const approvals = new SlackApprovals(this, 'SlackApprovals', settings);
    const request = new RequestApproval(this, 'Request Human Approval', approvals);
    const publish = new PublishResult(this, 'Report Result', approvals);

    const checkBuild = this.state('Check Build', 'check-build.ts');
    const deploy = this.state('Deploy', 'deploy.ts').next(publish);
    const decided = new Choice(this, 'Deploy or Not?')
      .when(Condition.stringEquals('$.approval.outcome', 'approved'), deploy)
      .otherwise(publish);
    const stateMachine = new StateMachine(this, 'StateMachine', {
      stateMachineName: NAME,
      definitionBody: DefinitionBody.fromChainable(checkBuild.next(request).next(decided)),
    });
    approvals.addStateMachine(stateMachine);
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
