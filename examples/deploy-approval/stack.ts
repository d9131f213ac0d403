// An example of your own state machine: a deployment that waits for approval. README.md explains it, and `npm run
// example` runs it.
import { fileURLToPath } from 'node:url';
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { Choice, DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { PublishResult, RequestApproval, SlackApprovals } from 'countersign';

const NAME = 'deploy-approval';

class DeployStack extends Stack {
  constructor(app: App) {
    super(app, 'DeployApproval', { description: 'A deployment that waits for approval in Slack' });
    const policies = { default: { channel: 'C0DEPLOYS', approvers: ['U0BEN', 'U0CHLOE'] } };
    const approvals = new SlackApprovals(this, 'SlackApprovals', { stage: 'deploy', policies });
    const request = new RequestApproval(this, 'Request Human Approval', { approvals });
    const publish = new PublishResult(this, 'Report Result', { approvals });

    const checkBuild = this.state('Check Build', 'check-build.ts');
    const deploy = this.state('Deploy', 'deploy.ts').next(publish);
    const decided = new Choice(this, 'Deploy or Not?').when(request.approved, deploy).otherwise(publish);
    const stateMachine = new StateMachine(this, 'StateMachine', {
      stateMachineName: NAME,
      definitionBody: DefinitionBody.fromChainable(checkBuild.next(request).next(decided)),
    });
    approvals.addStateMachine(stateMachine);
    new CfnOutput(this, 'StateMachineArn', { value: stateMachine.stateMachineArn });
  }

  private state(name: string, file: string): LambdaInvoke {
    const lambdaFunction = new NodejsFunction(this, `${name} Function`, {
      entry: fileURLToPath(new URL(file, import.meta.url)),
      bundling: { format: OutputFormat.ESM },
      runtime: Runtime.NODEJS_24_X,
      timeout: Duration.seconds(20),
    });
    return new LambdaInvoke(this, name, { lambdaFunction, outputPath: '$.Payload' });
  }
}

new DeployStack(new App());
