// The approvals of a stage that another app deployed, for the workflows of this one. `SlackApprovals.fromStage` creates
// it. Their addresses are parameters of Systems Manager, which CloudFormation reads in the deployment.
import { Tags } from 'aws-cdk-lib';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { type IQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { addressParameters, parameterPath } from '../aws/names/parameters.ts';
import { keyStatement } from './encrypt.ts';
import { InvalidSetting } from './invalid-setting.ts';
import { PUBLISHER_TAG } from './results.ts';
import type { ISlackApprovals } from './slack-approvals-interface.ts';

export interface FromStageOptions {
  /** ARN of the KMS key with which the approvals are encrypted, if they have a key of their own. */
  readonly kmsKeyArn?: string;
}

export class ApprovalsOfStage extends Construct implements ISlackApprovals {
  readonly requests: { readonly queue: IQueue };
  readonly results: ITopic;
  readonly policies: ISlackApprovals['policies'];
  private readonly stage: string;
  private readonly kmsKeyArn: string | undefined;

  constructor(scope: Construct, id: string, stage: string, { kmsKeyArn }: FromStageOptions = {}) {
    super(scope, id);
    this.stage = stage;
    this.kmsKeyArn = kmsKeyArn;
    const names = addressParameters(parameterPath(stage));
    const valueOf = (name: string) => StringParameter.valueForStringParameter(this, name);
    this.requests = {
      queue: Queue.fromQueueAttributes(this, 'Requests', {
        queueArn: valueOf(names.requestQueueArn),
        queueUrl: valueOf(names.requestQueueUrl),
      }),
    };
    this.results = Topic.fromTopicArn(this, 'Results', valueOf(names.resultsTopicArn));
    this.policies = {
      timeout: (policy) => {
        throw new InvalidSetting(
          `${this.node.path} is deployed by another app, so the timeout of its policy ${policy} is unknown here. Say how long the state waits, for example timeout: Duration.minutes(15).`,
        );
      },
      // The approvals refuse a policy that the state machine may not use: PolicyNotAllowed.
      check: () => {},
    };
  }

  /**
   * Allows the state machine to publish results and to use the key. The app of the approvals must allow its name:
   * `approvals.addStateMachines({ match: 'approve-*' })`.
   */
  addStateMachine(stateMachine: StateMachine): void {
    Tags.of(stateMachine.role).add(PUBLISHER_TAG, this.stage);
    if (this.kmsKeyArn) stateMachine.addToRolePolicy(keyStatement(this.kmsKeyArn));
  }
}
