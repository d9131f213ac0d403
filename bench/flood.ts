// Estimates what requests cost that Slack did not sign: anybody may send them to the bot's public address. `cost.ts`
// prints it, and SECURITY.md quotes it.
import { prices } from './prices.ts';

const SAMPLES = 300;

/** Lambda logs three lines of its own per invocation, about 400 bytes. */
const LOGGED_BYTES = 400;

/**
 * Requests a second for each invocation that may run at once:
 * https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html#urls-throttling
 */
const RATE_PER_CONCURRENCY = 10;
const SECONDS_PER_DAY = 86_400;

/** Median time of a warm request with a wrong signature, in milliseconds. It includes the local cloud's own time. */
export async function refusalMs(botUrl: string): Promise<number> {
  const times: number[] = [];
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    const headers = {
      'x-slack-request-timestamp': String(Math.floor(Date.now() / 1_000)),
      'x-slack-signature': 'v0=0',
    };
    const start = performance.now();
    const { status } = await fetch(botUrl, { method: 'POST', headers, body: 'text=x' });
    times.push(performance.now() - start);
    if (status !== 401) throw new Error(`An unsigned request was answered ${status}, not 401.`);
  }
  return times.toSorted((one, other) => one - other)[SAMPLES / 2] ?? 0;
}

/** @param milliseconds that one request takes; Lambda bills whole ones: https://aws.amazon.com/lambda/pricing/ */
export function floodText(milliseconds: number, memory: number): string {
  const billed = Math.ceil(milliseconds);
  const duration = (memory / 1_024) * (billed / 1_000) * prices.lambdaGigabyteSecond;
  const each = prices.lambdaRequest + duration + (LOGGED_BYTES / 1e9) * prices.logGigabyte;
  const perDay = (concurrency: number) => concurrency * RATE_PER_CONCURRENCY * SECONDS_PER_DAY * each;
  return `1,000,000 requests that Slack did not sign: USD ${(each * 1e6).toFixed(2)} (${billed} ms each at ${memory} MB). The highest rate costs USD ${perDay(1_000).toFixed(0)} a day at a concurrency of 1,000, and USD ${perDay(20).toFixed(2)} at a botConcurrency of 20.`;
}
