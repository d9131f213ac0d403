// The exports of the package `countersign`: the constructs for an app of yours, and the types of the data that its states
// add. `package/build.ts` builds it.
export type { Result as ApprovalResult } from '../domain/approval.ts';
export type { ApprovalRequest } from '../domain/request.ts';
export { Alarms } from './alarms.ts';
export { PublishResult } from './publish-result.ts';
export { RequestApproval } from './request-approval.ts';
export { SlackApprovals, type SlackApprovalsProps } from './slack-approvals.ts';
