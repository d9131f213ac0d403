// The maximum cost of a run in an account, from the prices of the benchmarks. `deployed.ts` prints it before it asks.
import { prices, pricesFrom } from '../bench/prices.ts';

/** Upper bound of a run, in which the stack is deployed, used in real time and removed. It takes about ten minutes. */
const MAX_HOURS = 1;
const HOURS_IN_MONTH = 730;

/** Upper bounds of what one run uses. A test counts what a run in the local cloud uses. */
export const usage = {
  stateTransitions: 150,
  invocations: 300,
  /** Sends, and Lambda's polling of two queues: about 15 calls a minute each. */
  queueCalls: 3_000,
  published: 10,
  writes: 2_000,
  reads: 2_000,
  puts: 50,
  secretCalls: 50,
} as const;

/** Most invocations are of the function that stores records: 512 MB, on average at most half a second. */
const GIGABYTE_SECONDS = 0.5 * 0.5;

export function estimate(): { readonly usd: number; readonly text: string } {
  const usd =
    usage.stateTransitions * prices.stateTransition +
    usage.invocations * (prices.lambdaRequest + GIGABYTE_SECONDS * prices.lambdaGigabyteSecond) +
    usage.queueCalls * prices.queueRequest +
    usage.published * prices.publish +
    usage.writes * prices.writeUnit +
    usage.reads * prices.readUnit +
    usage.puts * prices.put +
    usage.secretCalls * prices.secretCall +
    (MAX_HOURS / HOURS_IN_MONTH) * prices.secretMonth;
  return {
    usd,
    text: `at most USD ${usd.toFixed(3)} (prices of us-east-1, ${pricesFrom}, without free tiers)`,
  };
}
