// A short name made from something long or secret: the same text always gives the same name, and the name does not
// give the text away. Ids of approvals and names of executions are made of it, so that a repetition finds the first.
import { createHash } from 'node:crypto';

/** 16 characters of `0-9a-f` (64 bits of SHA-256). */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
