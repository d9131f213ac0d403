// Tests that a local world continues from its stored files after it was cut off, at a fifth of the moments, others each
// day. All of them: CUT_OFF_EVERY=1 npx vitest run test/local/cut-off.slow.test.ts
import { describe, it } from 'vitest';
import { checkMoments } from '../support/cut-off.ts';

describe('a local world that is cut off', () => {
  it('continues from every fifth moment', { timeout: 300_000 }, () =>
    checkMoments(Number(process.env['CUT_OFF_EVERY'] ?? 5)),
  );
});
