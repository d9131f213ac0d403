// Signs and verifies requests with AWS Signature Version 4. The stub verifies with it, because a variant that skips
// signing would look faster; `variants/floor.ts` signs with it.
import { createHash, createHmac } from 'node:crypto';

/** Credentials of the measured processes. */
export const credentials = {
  accessKeyId: 'BENCH',
  secretAccessKey: 'bench-secret',
  region: 'us-east-1',
} as const;

export interface Signable {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=[^/]+\/(\d{8}\/[^/]+\/[^/]+\/aws4_request), SignedHeaders=([^,]+), Signature=(\w+)$/;

/** Undefined if the signature is valid. */
export function signatureProblem(request: Signable): string | undefined {
  const [, scope = '', names = '', signature] =
    AUTHORIZATION.exec(request.headers['authorization'] ?? '') ?? [];
  if (!signature) return 'not signed';
  return signatureOf(request, names.split(';'), scope) === signature ? undefined : 'signed incorrectly';
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
export function signatureOf(request: Signable, names: readonly string[], scope: string): string {
  const { method, path, headers, body } = request;
  const signed = names.map((name) => `${name}:${headers[name] ?? ''}\n`).join('');
  const canonical = [method, path, '', signed, names.join(';'), sha256(body)].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', headers['x-amz-date'] ?? '', scope, sha256(canonical)].join('\n');
  const start: Buffer | string = `AWS4${credentials.secretAccessKey}`;
  const key = scope.split('/').reduce<Buffer | string>((before, part) => hmac(before, part), start);
  return hmac(key, toSign).toString('hex');
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
