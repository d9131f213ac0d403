// Shortens a long or secret text to a digest, which does not reveal the text. Ids of approvals and names of executions
// contain a digest. The same text gives the same id or name, so a repeated request is recognized.
import { createHash } from 'node:crypto';

/** 16 characters of `0-9a-f` (64 bits of SHA-256). */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
