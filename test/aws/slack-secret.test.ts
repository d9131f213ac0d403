// The secret as an environment of Lambda knows it: read seldom, known soon when it changed, and not forgotten because it
// cannot be read for a moment. The SDK's own client, with an answer in the place of Secrets Manager's.
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterEach, expect, it, vi } from 'vitest';
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

it('is read once in five minutes', async () => {
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

it('is read anew for whoever wants it newer, and is known so to all from then on', async () => {
  vi.useFakeTimers();
  const changed = { ...SECRET, signingSecret: 'two' };
  const { secret, reads } = secretOf(SECRET, changed);
  await secret();
  vi.advanceTimersByTime(10_000);
  expect(await secret(10_000)).toEqual(changed);
  expect(await secret()).toEqual(changed);
  expect(reads()).toBe(2);
});

it('stays known for its time where it cannot be read anew, and is not looked for each time', async () => {
  vi.useFakeTimers();
  const { secret, reads } = secretOf(SECRET, new Error('away'));
  await secret();
  vi.advanceTimersByTime(10_000);
  expect(await secret(2_000)).toEqual(SECRET);
  expect(await secret(2_000)).toEqual(SECRET);
  expect(await secret()).toEqual(SECRET);
  expect(reads()).toBe(2);
});

it('that is read for several at once is read once', async () => {
  const { secret, reads } = secretOf(SECRET);
  expect(await Promise.all([secret(), secret(), secret(2_000)])).toEqual([SECRET, SECRET, SECRET]);
  expect(reads()).toBe(1);
});

it('is read again at once where it was never known', async () => {
  const { secret, reads } = secretOf({}, SECRET);
  await expect(secret()).rejects.toThrow('must be JSON like');
  expect(await secret()).toEqual(SECRET);
  expect(reads()).toBe(2);
});
