// Shortens a long or secret text to a digest, which does not reveal the text. Ids of approvals and names of executions
// contain a digest. The same text gives the same id or name, so a repeated request is recognized.
import { createHash } from 'node:crypto';

/** 16 characters of `0-9a-f` (64 bits of SHA-256). */
export function digest(text: string): string {
  return sha256(text).slice(0, 16);
}

/** 64 characters of `0-9a-f`, for a text that somebody could choose so that its first bits collide with another's. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The same for two values that differ in the order of members alone, which a table does not keep. */
export function sortedJson(value: object): string {
  return JSON.stringify(value, (_name, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).toSorted(([one], [other]) => (one < other ? -1 : 1)))
      : member,
  );
}
