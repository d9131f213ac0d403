// What the package `countersign` exports: the constructs of an app of yours, and the types of what its states add.
// `package/build.ts` builds it.
export type { Result as ApprovalResult } from '../domain/approval.ts';
export type { Request as ApprovalRequest } from '../domain/request.ts';
export { Alarms } from './alarms.ts';
export { PublishResult } from './publish-result.ts';
export { RequestApproval } from './request-approval.ts';
export { SlackApprovals, type SlackApprovalsProps } from './slack-approvals.ts';
