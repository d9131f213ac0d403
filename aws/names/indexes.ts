// The indexes of the approvals table. The stack creates them, and the table queries them, by these names.

/** Open approvals by deadline: an approval is in the index while it has the attribute of this name. */
export const OPEN_INDEX = 'open';

/** Open approvals by the time of their next check. */
export const NEXT_CHECK_INDEX = 'nextCheck';

/** Decided approvals by month, then by time. */
export const DECIDED_INDEX = 'decided';
