// What happens at random in the lives of orders: to their workers, the market, the executions and their events. The property
// test plays it.
import * as fc from 'fast-check';

/** A worker makes up to 25 calls, and up to 8 of them write. */
const numbered = <Fate>(of: (at: fc.Arbitrary<number>) => fc.Arbitrary<Fate>) =>
  fc.oneof(
    of(fc.integer({ min: 1, max: 25 })).map((fate) => ({ ...fate, counts: 'calls' as const })),
    of(fc.integer({ min: 1, max: 8 })).map((fate) => ({ ...fate, counts: 'writes' as const })),
  );
const killed = numbered((at) =>
  fc.record({ crash: fc.record({ at, when: fc.constantFrom('before' as const, 'after' as const) }) }),
);
const paused = numbered((pauseAt) => fc.record({ pauseAt }));
const which = fc.constantFrom(0, 0, 0, 1);
const kind = <const Kind extends string>(name: Kind) => fc.constant(name);
/** A worker lives for 20 seconds. */
const seconds = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 10, max: 90 }));
const delays = fc.array(fc.nat({ max: 12 }), { minLength: 1, maxLength: 5 });

export const action = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: kind('advance'), seconds }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: kind('price'),
      told: fc.oneof(
        fc.constantFrom(186.1, 182.2),
        fc.record({ price: fc.constant(182.2), shares: fc.integer({ min: 1, max: 3 }) }),
      ),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: kind('run'), which }) },
  { weight: 3, arbitrary: fc.record({ kind: kind('run'), which, fate: killed }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: kind('run'),
      which,
      fate: paused,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: kind('run'), which, fate: fc.constant({ isRejected: true }) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: kind('two'), which, delays, others: delays }) },
  { weight: 3, arbitrary: fc.record({ kind: kind('resume'), index: fc.nat({ max: 3 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('requestCancel'), which }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: kind('stop'), which, event: fc.constantFrom('now', 'later', 'never') }),
  },
  { weight: 2, arbitrary: fc.record({ kind: kind('redrive'), which }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: kind('deliver'),
      index: fc.nat({ max: 3 }),
      fate: fc.oneof(fc.constant(undefined), killed, paused),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: kind('sweep') }) },
);
export type Action = typeof action extends fc.Arbitrary<infer Value> ? Value : never;
