// Tests that every story works if every invocation starts cold.
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { ANA, openDesk } from '../../fault-injection/harness.ts';
import { before, breaches } from '../../fault-injection/invariants.ts';
import { untilQuiet } from '../../fault-injection/run-until-idle.ts';
import { stories } from '../../fault-injection/stories.ts';

describe('cold starts', () => {
  it('of every function change no outcome', { timeout: 300_000 }, async () => {
    const desk = await openDesk(inject('assembly'));
    onTestFinished(() => desk.stop());
    const was = await before(desk);
    desk.wire.watch(() => {
      desk.cloud.coolDown();
      return undefined;
    });
    await stories['approved by two']?.(desk);
    await stories['declined, asked again']?.(desk);
    await desk.says(ANA, '/trade pending');
    const { stuck, drivenBack } = await untilQuiet(desk);
    expect({ stuck, drivenBack, breaches: await breaches(desk, was) }).toEqual({
      stuck: [],
      drivenBack: 0,
      breaches: [],
    });
    expect(desk.takeSilences()).toEqual([]);
  });
});
