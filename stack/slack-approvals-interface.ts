// What the states of a workflow need of approvals: of a `SlackApprovals` of the same app, or of one that another app
// deployed. `RequestApproval` and `PublishResult` take either.
import type { Duration } from 'aws-cdk-lib';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';

export interface ISlackApprovals {
  /** The queue to which a state sends its request. */
  readonly requests: { readonly queue: IQueue };
  /** The topic on which a state publishes results. */
  readonly results: ITopic;
  readonly policies: PolicyNames;
}

export interface PolicyNames {
  /** How long a state with this policy waits. @throws InvalidSetting if there is no such policy */
  timeout(policy: string): Duration;
  /** @throws InvalidSetting if there is no such policy */
  check(policy: string): void;
}
