// The state by which a state machine written with the CDK publishes how it ended. A definition in a file writes the
// same state by hand.
import { JsonPath, TaskInput } from 'aws-cdk-lib/aws-stepfunctions';
import { SnsPublish } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import type { SlackApprovals } from './slack-approvals.ts';

/** Publishes `$.result`, or that the request was declined or has expired. */
export class PublishResult extends SnsPublish {
  constructor(scope: Construct, id: string, approvals: SlackApprovals) {
    super(scope, id, {
      topic: approvals.results,
      message: TaskInput.fromObject({
        Input: JsonPath.objectAt('$'),
        ExecutionId: JsonPath.stringAt('$$.Execution.Id'),
      }),
      resultPath: JsonPath.DISCARD,
    });
    this.addRetry({ errors: ['States.TaskFailed', 'States.Timeout'], maxAttempts: 5 });
  }
}
