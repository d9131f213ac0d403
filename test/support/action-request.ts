// Slack requests of actions for tests: each call makes a press that was not seen before.
import type { Press } from '../../domain/votes.ts';

let count = 0;

export function newPress(): Press {
  count += 1;
  return { trigger: `trigger-${count}`, actionTs: `1790000000.${String(count).padStart(6, '0')}` };
}
