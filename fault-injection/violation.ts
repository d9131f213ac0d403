// A violated invariant. The checks of the invariants return it, and `cases.ts` reports it.

export type Kind = 'lost' | 'doubled' | 'stuck' | 'silent' | 'untrue';

export interface Violation {
  readonly kind: Kind;
  readonly description: string;
}

export function when(isViolated: boolean, kind: Kind, description: string): readonly Violation[] {
  return isViolated ? [{ kind, description }] : [];
}
