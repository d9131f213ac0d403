// The rules about people for tests: no guests, and anyone may be a delegate for a month.
import type { PeopleRules } from '../../domain/people-rules.ts';

export const peopleRules: PeopleRules = { guests: 'none', delegates: 'anyone', maxDelegationDays: 30 };
