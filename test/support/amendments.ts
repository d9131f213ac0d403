// Amendments for tests: one that was stored, and one that is to be made.
import type { Amended } from '../../domain/amendment.ts';
import type { Amendment, Approval } from '../../domain/approval.ts';
import { digestTerms, type Terms } from '../../domain/terms.ts';
import { approval } from './approvals.ts';

export const TERMS: Readonly<Record<'first' | 'second' | 'third', Terms>> = {
  first: digestTerms({ limit: 180 }),
  second: digestTerms({ limit: 182 }),
  third: digestTerms({ limit: 184 }),
};

/** A stored amendment that replaced the first terms. */
export function amendment(differences: Partial<Amendment> = {}): Amendment {
  const { request, policy } = approval();
  const before = { request, policy, termsDigest: TERMS.first.digest };
  return { at: '2026-11-02T10:03:00.000Z', voters: [], before, ...differences };
}

/** A change of this approval to the second terms, with another amount if one is given. */
export function change({ request }: Approval, amount = request.amount, terms = TERMS.second): Amended {
  return { request: { ...request, title: 'Buy 9 AMZN', amount }, terms };
}
