// The approvals of the gallery, for tests.
export { approval, approvalOfTwo, command } from '../../conformance/gallery/approvals.ts';
