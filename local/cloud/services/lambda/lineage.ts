// Recursive loop detection: a trace header counts how often one chain of requests has invoked each function. The SDK
// in a function adds the header of its invocation to its requests, SQS and SNS keep it with their messages, and Lambda
// refuses the invocation that would be the seventeenth:
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
import { createHash } from 'node:crypto';

/** https://aws.amazon.com/blogs/compute/detecting-and-stopping-recursive-loops-in-aws-lambda-functions/ */
const MAX_INVOCATIONS = 16;

/** The part of a header that counts, such as `Lineage=43e12f0f:5|1c2d3e4f:1`. */
const LINEAGE = /Lineage=([0-9a-f:|]+)/;

type Counts = ReadonlyMap<string, number>;

/** Returns the header of the next invocation of the function in this chain. @param header undefined starts a chain */
export function invocationHeader(functionName: string, header: string | undefined): string {
  const counts = new Map(countsIn(header));
  const key = keyOf(functionName);
  counts.set(key, (counts.get(key) ?? 0) + 1);
  return headerOf(counts);
}

/** Whether the next invocation of the function in this chain is refused as a loop. */
export function isLoop(functionName: string, header: string | undefined): boolean {
  return (countsIn(header).get(keyOf(functionName)) ?? 0) >= MAX_INVOCATIONS;
}

/**
 * Returns the header of a batch: for each function the highest count of its messages. AWS does not document what a batch
 * carries, so this assumes the worst.
 */
export function batchHeader(headers: readonly (string | undefined)[]): string | undefined {
  const highest = new Map<string, number>();
  for (const header of headers)
    for (const [key, count] of countsIn(header)) highest.set(key, Math.max(count, highest.get(key) ?? 0));
  if (highest.size === 0) return undefined;
  return headerOf(highest);
}

function headerOf(counts: Counts): string {
  const lineage = [...counts].map(([key, count]) => `${key}:${count}`).join('|');
  return `Root=1-00000000-000000000000000000000000;Lineage=${lineage}`;
}

function countsIn(header = ''): Counts {
  const [, lineage = ''] = LINEAGE.exec(header) ?? [];
  const entries = lineage.split('|').filter(Boolean);
  return new Map(
    entries.map((entry) => {
      const [key = '', count = '0'] = entry.split(':');
      return [key, Number(count)];
    }),
  );
}

function keyOf(functionName: string): string {
  return createHash('sha256').update(functionName).digest('hex').slice(0, 8);
}
