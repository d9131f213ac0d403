// Task tokens: opaque, long and random, recognisable only so that garbage can be told from a token that was never
// made. The tasks make them, the API checks them.
import { randomBytes } from 'node:crypto';

const START = 'AAAAKgAAAAIAAAAAAAAAA';
const RANDOM_BYTES = 480;
const LENGTH = START.length + (RANDOM_BYTES / 3) * 4;

export function newTaskToken(): string {
  return START + randomBytes(RANDOM_BYTES).toString('base64');
}

export function looksLikeTaskToken(text: string): boolean {
  return text.length === LENGTH && text.startsWith(START);
}
