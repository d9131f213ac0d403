// Tests how a Lambda environment caches the secret: when it reads again, and what it does if reading fails. The SDK
// client is real; a middleware answers in place of Secrets Manager.
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { slackSecret } from '../../aws/slack-secret.ts';

const SECRET = { botToken: 'xoxb-1', signingSecret: 'one' };

afterEach(() => vi.useRealTimers());

/** What the client answers, one after the other; an error is thrown. */
function secretOf(...answers: readonly (object | Error)[]) {
  let reads = 0;
  const client = new SecretsManagerClient({ region: 'us-east-1' });
  client.middlewareStack.add(
    () => async () => {
      const answer = answers[(reads += 1) - 1];
      if (answer instanceof Error) throw answer;
      return { output: { SecretString: JSON.stringify(answer), $metadata: {} }, response: {} };
    },
    { step: 'initialize', priority: 'high' },
  );
  return { secret: slackSecret(client, 'any'), reads: () => reads };
}

describe('slackSecret', () => {
  it('reads the secret once in five minutes', async () => {
    vi.useFakeTimers();
    const { secret, reads } = secretOf(SECRET, SECRET);
    await secret();
    vi.advanceTimersByTime(5 * 60_000 - 1);
    await secret();
    expect(reads()).toBe(1);
    vi.advanceTimersByTime(1);
    await secret();
    expect(reads()).toBe(2);
  });

  it('reads again if a caller asks for a newer value, and returns that value to every caller afterwards', async () => {
    vi.useFakeTimers();
    const changed = { ...SECRET, signingSecret: 'two' };
    const { secret, reads } = secretOf(SECRET, changed);
    await secret();
    vi.advanceTimersByTime(10_000);
    expect(await secret(10_000)).toEqual(changed);
    expect(await secret()).toEqual(changed);
    expect(reads()).toBe(2);
  });

  it('keeps the cached secret if reading again fails, and does not retry on every call', async () => {
    vi.useFakeTimers();
    const { secret, reads } = secretOf(SECRET, new Error('away'));
    await secret();
    vi.advanceTimersByTime(10_000);
    expect(await secret(2_000)).toEqual(SECRET);
    expect(await secret(2_000)).toEqual(SECRET);
    expect(await secret()).toEqual(SECRET);
    expect(reads()).toBe(2);
  });

  it('reads once for concurrent callers', async () => {
    const { secret, reads } = secretOf(SECRET);
    expect(await Promise.all([secret(), secret(), secret(2_000)])).toEqual([SECRET, SECRET, SECRET]);
    expect(reads()).toBe(1);
  });

  it('reads again immediately if the first read failed', async () => {
    const { secret, reads } = secretOf({}, SECRET);
    await expect(secret()).rejects.toThrow('must be JSON like');
    expect(await secret()).toEqual(SECRET);
    expect(reads()).toBe(2);
  });
});
