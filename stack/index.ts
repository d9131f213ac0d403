// The exports of the package `countersign`: the constructs for an app of yours, and the types of the data that its states
// add. `package/build.ts` builds it.
export type { Result as ApprovalResult } from '../domain/approval.ts';
export type { ApprovalRequest } from '../domain/request.ts';
export { Alarms } from './alarms.ts';
export type { ApprovalPolicy } from './approval-policy.ts';
export { ApprovalsOfStage, type FromStageOptions } from './approvals-of-stage.ts';
export { PublishResult, type PublishResultProps } from './publish-result.ts';
export { RequestApproval, type RequestApprovalProps } from './request-approval.ts';
export { SlackApprovals } from './slack-approvals.ts';
export type { SlackApprovalsProps } from './slack-approvals-props.ts';
export type { ISlackApprovals, PolicyNames } from './slack-approvals-interface.ts';
export type { LogAlarm } from './log-alarms.ts';
export type { StateMachineOptions } from './state-machines.ts';
export type { Tier } from '../domain/policy.ts';
