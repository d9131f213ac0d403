// The local cloud as others use it: starts what CDK synthesised, at the time of a clock.
export { createClock } from '../clock.ts';
export { type Cloud, startCloud } from './cloud.ts';
