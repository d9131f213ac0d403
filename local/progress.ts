// Says on stderr what a command does now, before work that takes seconds. The benchmarks, the fault injection and the
// package's build call it; stdout has only their results.

export function progress(text: string): void {
  process.stderr.write(`${text}\n`);
}
