// How an execution can end, and which end may follow what. relay-result refuses a result that cannot follow, and the
// write of a result does not replace a final one.

/** The outcomes that a workflow may publish as `result.outcome`. */
export type ResultOutcome = 'done' | 'partly' | 'unfilled' | 'refused' | 'halted' | 'failed' | 'cancelled';

/** The others are decisions. */
export type Outcome = ResultOutcome | 'declined' | 'expired';

interface Rule {
  /**
   * The condition for this outcome. `approval`: an approved decision on record, or the execution asked nobody. `deadline`: the
   * deadline has passed. `no_question`: the execution asked nobody. `anything`: nothing.
   */
  readonly follows: 'approval' | 'deadline' | 'no_question' | 'anything';
  /** Whether no later result replaces it. */
  readonly isFinal: boolean;
  /** Whether a workflow states it as `result.outcome`. The others are decisions. */
  readonly isResult: boolean;
}

export const OUTCOMES: Readonly<Record<Outcome, Rule>> = {
  /** The approved action was carried out. */
  done: { follows: 'approval', isFinal: true, isResult: true },
  /** A part of it was done. */
  partly: { follows: 'approval', isFinal: true, isResult: true },
  /** It was approved, and nothing was done because it was not possible any more. */
  unfilled: { follows: 'approval', isFinal: true, isResult: true },
  declined: { follows: 'anything', isFinal: false, isResult: false },
  expired: { follows: 'deadline', isFinal: false, isResult: false },
  /** The workflow refused the request before anybody was asked. */
  refused: { follows: 'no_question', isFinal: true, isResult: true },
  /** The workflow was halted. */
  halted: { follows: 'anything', isFinal: false, isResult: true },
  failed: { follows: 'anything', isFinal: false, isResult: true },
  cancelled: { follows: 'anything', isFinal: false, isResult: true },
};

const isOutcome = (name: string): name is Outcome => name in OUTCOMES;

export const ALL_OUTCOMES: readonly Outcome[] = Object.keys(OUTCOMES).filter(isOutcome);

export const RESULT_OUTCOMES = ALL_OUTCOMES.filter((name): name is ResultOutcome => OUTCOMES[name].isResult);

/** A result with one of these outcomes stays, whatever is reported later. */
export const FINAL_OUTCOMES = ALL_OUTCOMES.filter((name) => OUTCOMES[name].isFinal);
