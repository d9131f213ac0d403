// What the local cloud exports: it runs a synthesised stack at the time of a clock. Imported by everything outside it.
export { createClock } from '../clock.ts';
export { type Cloud, startCloud } from './cloud.ts';
