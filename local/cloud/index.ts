// The main exports of the local cloud, which runs a synthesised stack on this machine, for code outside `local/cloud`.
export { createClock } from '../clock.ts';
export { type Cloud, startCloud } from './cloud.ts';
