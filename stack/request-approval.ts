// The state that requests approval and waits, for state machines defined with the CDK. A state machine defined in a
// JSON file must contain an equivalent state.
import { Duration } from 'aws-cdk-lib';
import {
  Condition,
  IntegrationPattern,
  JitterType,
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
import { DEFAULT_POLICY } from '../domain/policy.ts';
import type { ISlackApprovals } from './slack-approvals-interface.ts';

export interface RequestApprovalProps {
  readonly approvals: Pick<ISlackApprovals, 'requests' | 'policies'>;
  /** The name of the policy. Default: `default`. */
  readonly policy?: string;
  /** How long people have to decide. Default: the timeout of the policy. */
  readonly timeout?: Duration;
}

/**
 * Asks people to approve `$.request` and waits. Sets `$.approval.outcome` to `approved`, `declined`, or `expired` if
 * nobody decided in time.
 */
export class RequestApproval extends StateMachineFragment {
  readonly startState: State;
  readonly endStates: INextable[];
  /** Whether the request was approved, for a Choice state. */
  readonly approved = Condition.stringEquals('$.approval.outcome', 'approved');

  constructor(
    scope: Construct,
    id: string,
    {
      approvals,
      policy = DEFAULT_POLICY,
      timeout = approvals.policies.timeout(policy),
    }: RequestApprovalProps,
  ) {
    super(scope, id);
    approvals.policies.check(policy);
    const ask = new SqsSendMessage(this, id, {
      queue: approvals.requests.queue,
      integrationPattern: IntegrationPattern.WAIT_FOR_TASK_TOKEN,
      messageBody: TaskInput.fromObject({
        // Of the contract: docs/reference/contract.md.
        Version: 1,
        Input: JsonPath.objectAt('$'),
        TaskToken: JsonPath.taskToken,
        ExecutionId: JsonPath.stringAt('$$.Execution.Id'),
        EnteredTime: JsonPath.stringAt('$$.State.EnteredTime'),
        RetryCount: JsonPath.numberAt('$$.State.RetryCount'),
        Policy: policy,
        // The context object does not have the timeout of the state.
        TimeoutSeconds: timeout.toSeconds(),
      }),
      taskTimeout: Timeout.duration(timeout),
      resultPath: '$.approval',
    });
    // SQS may have delivered the message despite the error. The message of the later attempt replaces the task token.
    ask.addRetry({
      errors: ['SQS.SdkClientException', 'SQS.AmazonSQSException'],
      interval: Duration.seconds(2),
      backoffRate: 2,
      maxAttempts: 5,
      maxDelay: Duration.seconds(30),
      jitterStrategy: JitterType.FULL,
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
