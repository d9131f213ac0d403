// The two states by which a state machine written with the CDK uses approvals: one asks people and waits for them, one
// tells how it ended. A definition written as a file says the same by hand, as `workflow.asl.json` does.
import {
  JsonPath,
  Pass,
  Result,
  StateMachineFragment,
  TaskInput,
  Timeout,
  IntegrationPattern,
  type INextable,
  type State,
} from 'aws-cdk-lib/aws-stepfunctions';
import { SnsPublish, SqsSendMessage } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import type { SlackApprovals } from './slack-approvals.ts';

/**
 * Asks people what `$.request` says, and waits. What follows finds `$.approval.outcome`: `approved`, `declined`, or
 * `expired` where nobody decided in time.
 */
export class RequestApproval extends StateMachineFragment {
  readonly startState: State;
  readonly endStates: INextable[];

  constructor(scope: Construct, id: string, approvals: SlackApprovals) {
    super(scope, id);
    const ask = new SqsSendMessage(this, id, {
      queue: approvals.requests.queue,
      integrationPattern: IntegrationPattern.WAIT_FOR_TASK_TOKEN,
      messageBody: TaskInput.fromObject({
        Input: JsonPath.objectAt('$'),
        TaskToken: JsonPath.taskToken,
        ExecutionId: JsonPath.stringAt('$$.Execution.Id'),
        EnteredTime: JsonPath.stringAt('$$.State.EnteredTime'),
      }),
      taskTimeout: Timeout.duration(approvals.timeout),
      resultPath: '$.approval',
    });
    const expired = new Pass(this, `${id}: Expired`, {
      result: Result.fromObject({ outcome: 'expired' }),
      resultPath: '$.approval',
    });
    ask.addCatch(expired, { errors: ['States.Timeout'], resultPath: '$.approval' });
    this.startState = ask;
    this.endStates = [ask, expired];
  }
}

/** Tells how it ended: what `$.result` says, or that it was declined or has expired. */
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
