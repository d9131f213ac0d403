// Replaces the SDK's SHA-256 in JavaScript, which the SDK uses only if `node:crypto` has no SHA-256. Node on Lambda
// always has it. `module-shims.ts` redirects the import to this file.
export function Sha256Js(): never {
  throw new Error('node:crypto has no SHA-256.');
}
