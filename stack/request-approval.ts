// The state that requests approval and waits, for state machines defined with the CDK. A state machine defined in a
// JSON file must contain an equivalent state.
import {
  IntegrationPattern,
  type INextable,
  JsonPath,
  Pass,
  Result,
  type State,
  StateMachineFragment,
  TaskInput,
  Timeout,
} from 'aws-cdk-lib/aws-stepfunctions';
import { SqsSendMessage } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import type { SlackApprovals } from './slack-approvals.ts';

/**
 * Asks people to approve `$.request` and waits. Sets `$.approval.outcome` to `approved`, `declined`, or `expired` if
 * nobody decided in time.
 */
export class RequestApproval extends StateMachineFragment {
  readonly startState: State;
  readonly endStates: INextable[];

  /** @param timeout how long people have to decide. Default: the setting `approvalTimeoutSeconds` */
  constructor(scope: Construct, id: string, approvals: SlackApprovals, timeout = approvals.timeout) {
    super(scope, id);
    const ask = new SqsSendMessage(this, id, {
      queue: approvals.requests.queue,
      integrationPattern: IntegrationPattern.WAIT_FOR_TASK_TOKEN,
      messageBody: TaskInput.fromObject({
        Input: JsonPath.objectAt('$'),
        TaskToken: JsonPath.taskToken,
        ExecutionId: JsonPath.stringAt('$$.Execution.Id'),
        EnteredTime: JsonPath.stringAt('$$.State.EnteredTime'),
        // The context object does not have the timeout of the state.
        TimeoutSeconds: timeout.toSeconds(),
      }),
      taskTimeout: Timeout.duration(timeout),
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
