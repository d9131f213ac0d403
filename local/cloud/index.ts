// The exports of the local cloud, which runs a synthesised stack on a clock. Code outside `local/cloud` imports this file.
export { createClock } from '../clock.ts';
export { type Cloud, startCloud } from './cloud.ts';
