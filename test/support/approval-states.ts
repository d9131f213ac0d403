// The approvals of the gallery by state, for tests.
export { approvalIn, approvalStates } from '../../conformance/gallery/approval-states.ts';
