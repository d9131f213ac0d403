// The state that publishes how an execution ended, for state machines defined with the CDK. A state machine defined in
// a JSON file must contain an equivalent state.
import { JsonPath, TaskInput } from 'aws-cdk-lib/aws-stepfunctions';
import { SnsPublish } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import type { ISlackApprovals } from './slack-approvals-interface.ts';

export interface PublishResultProps {
  readonly approvals: Pick<ISlackApprovals, 'results'>;
}

/** Publishes the state's input, which contains `$.result`, or `$.approval` with the outcome `declined` or `expired`. */
export class PublishResult extends SnsPublish {
  constructor(scope: Construct, id: string, { approvals }: PublishResultProps) {
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
