// What the states of a workflow need of approvals: of a `SlackApprovals` of the same app, or of one that another app
// deployed. `RequestApproval` and `PublishResult` take either.
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Policies } from './policies.ts';

export interface ISlackApprovals {
  /** The queue to which a state sends its request. */
  readonly requests: { readonly queue: IQueue };
  /** The topic on which a state publishes results. */
  readonly results: ITopic;
  readonly policies: Pick<Policies, 'timeout' | 'check'>;
}
