// Ends a worker right before or right after one of its calls to AWS. The support of the tests of orders wraps the clients
// with it.

/** The calls are numbered from 1 in the order in which they begin. */
export interface Crash {
  readonly at: number;
  readonly when: 'before' | 'after';
}

/** The worker was ended. It sends nothing more. */
export class Crashed extends Error {
  override readonly name = 'Crashed';
}

export function crashes(crash?: Crash) {
  let calls = 0;
  let hasCrashed = false;
  return {
    hasCrashed: () => hasCrashed,
    calls: () => calls,
    guard: async <Answer>(call: () => Promise<Answer>): Promise<Answer> => {
      const number = (calls += 1);
      const isLast = number === crash?.at;
      if (isLast && crash.when === 'before') hasCrashed = true;
      if (hasCrashed) throw new Crashed();
      // Also after a call that failed, such as a conditional write.
      const [answered] = await Promise.allSettled([call()]);
      if (isLast) hasCrashed = true;
      if (hasCrashed) throw new Crashed();
      if (answered.status === 'rejected') throw answered.reason;
      return answered.value;
    },
  };
}

/** Runs the test with a crash before and after each call, until the worker ends without reaching the crash. */
export async function everyCrash(test: (crash: Crash) => Promise<{ hasCrashed: boolean }>): Promise<number> {
  for (let at = 1; at < 200; at++) {
    let hasCrashed = false;
    for (const when of ['before', 'after'] as const) ({ hasCrashed } = await test({ at, when }));
    if (!hasCrashed) return at - 1;
  }
  throw new Error('The worker makes more than 200 calls.');
}
