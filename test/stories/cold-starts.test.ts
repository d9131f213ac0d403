// Tests that every story works if every invocation starts cold.
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { ANA, openHarness } from '../../fault-injection/harness.ts';
import { takeBaseline, violations } from '../../fault-injection/invariants.ts';
import { runUntilIdle } from '../../fault-injection/run-until-idle.ts';
import { stories } from '../../fault-injection/stories.ts';

describe('cold starts', () => {
  it('of every function change no outcome', { timeout: 300_000 }, async () => {
    const harness = await openHarness(inject('assembly'));
    onTestFinished(() => harness.stop());
    const baseline = await takeBaseline(harness);
    harness.proxy.intercept(() => {
      harness.cloud.coolDown();
      return undefined;
    });
    await stories['approved by two']?.(harness);
    await stories['declined, asked again']?.(harness);
    await harness.says(ANA, '/trade pending');
    const { stuck, redriven } = await runUntilIdle(harness);
    expect({ stuck, redriven, violations: await violations(harness, baseline) }).toEqual({
      stuck: [],
      redriven: 0,
      violations: [],
    });
    expect(harness.takeUnanswered()).toEqual([]);
  });
});
