// What the package `countersign` exports: the constructs of an app of yours. `package/build.ts` builds it.
export { Alarms } from './alarms.ts';
export { PublishResult } from './publish-result.ts';
export { RequestApproval } from './request-approval.ts';
export { SlackApprovals, type SlackApprovalsProps } from './slack-approvals.ts';
