// Names of the indexes of the approvals table. The stack creates the indexes, and `approvals-table.ts` queries them.

/** Open approvals by deadline. An approval is open, and has the attribute `open`, while work on it remains. */
export const OPEN_INDEX = 'open';

/** Open approvals by the time at which the reconciler must check them. */
export const NEXT_CHECK_INDEX = 'nextCheck';

/** Decided approvals by the month of the decision, then by its time. */
export const DECIDED_INDEX = 'decided';
