// The limits for a press of Approve. `check.ts` enforces them. Give the reason in the commit message when you change
// one.

export const goals = {
  /** Maximum size of the bundle in KB after gzip. */
  gzip: 130,
  /** Files that Node loads. */
  files: 1,
  /** Calls before the answer. Only a cold start reads the secret. */
  before: {
    cold: ['GetSecretValue', 'UpdateItem', 'SendTaskSuccess'],
    warm: ['UpdateItem', 'SendTaskSuccess'],
  },
  /**
   * CPU time until the answer, relative to a handler by hand that makes the same calls. The ratio to the official example
   * depends on how long Node itself takes to start: 0.36 and 0.45 on two machines, this one 1.89 and 1.79.
   */
  cpu: 1.9,
  /** How much `cpu` may grow. Repeated measurements differ by up to 4 %. */
  tolerance: 0.15,
} as const;
