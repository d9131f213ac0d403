// Names of the indexes of the approvals table. The stack creates the indexes, and the table queries them.

/** Open approvals by deadline. An approval is open, and has the attribute `open`, while work on it remains. */
export const OPEN_INDEX = 'open';

/** Open approvals by the time of their next check. */
export const NEXT_CHECK_INDEX = 'nextCheck';

/** Decided approvals by month, then by time. */
export const DECIDED_INDEX = 'decided';
