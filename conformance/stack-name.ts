// The name of the conformance stack. In a file of its own, so that commands that do not synthesise need not load CDK.
export const STACK = 'Countersign-conformance';
