// The terms of a request: what exactly is approved, as a value that only the workflow understands. request-approval
// stores them with the approval, and the state that carries out the action compares their digest with its own terms.
import canonicalize from 'canonicalize';
import { sha256 } from './digest.ts';

export interface Terms {
  /** Canonical JSON: https://www.rfc-editor.org/rfc/rfc8785 */
  readonly json: string;
  /** SHA-256 of `json`, 64 characters of `0-9a-f`. It does not depend on how the members are sorted. */
  readonly digest: string;
}

/** @param value any value that JSON can represent */
export function digestTerms(value: unknown): Terms {
  const json = canonicalize(value) ?? 'null';
  return { json, digest: sha256(json) };
}

/** Whether the text is still the one of the digest. */
export function isIntact({ json, digest }: Terms): boolean {
  return sha256(json) === digest;
}
