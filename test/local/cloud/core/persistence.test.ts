// Tests that the cloud answers and invokes functions only after the state that these depend on is stored.
import { DescribeExecutionCommand } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { noPersistence } from '../../../../local/persistence.ts';
import { ending, getAtt, machine, run, startWorld } from '../../../support/small-stack.ts';

describe('cloud persistence', () => {
  it('stores the state before it answers StartExecution and before it invokes a function', async () => {
    const held = Promise.withResolvers<void>();
    let [isHeld, asked] = [false, 0];
    const kept = (): Promise<void> => {
      asked += 1;
      return isHeld ? held.promise : Promise.resolve();
    };
    const world = await startWorld({
      functions: { Work: "export const handler = async () => { console.log('at work'); return 'done'; };" },
      resources: machine(
        { Work: { Type: 'Task', Resource: '${Work}', End: true } },
        { substitutions: { Work: getAtt('Work', 'Arn') } },
      ),
      persistence: { ...noPersistence, saved: kept },
    });
    isHeld = true;
    asked = 0;
    let isAnswered = false;
    const starting = run(world, {}).finally(() => {
      isAnswered = true;
    });
    // The answer and the invocation both wait.
    await expect.poll(() => asked).toBe(2);
    expect(world.events('function_logged')).toEqual([]);
    expect(isAnswered).toBe(false);
    held.resolve();
    const executionArn = await starting;
    expect(await ending(world, executionArn)).toMatchObject({ status: 'SUCCEEDED', output: 'done' });
    expect(world.events('function_logged')).toHaveLength(1);

    asked = 0;
    await world.states.send(new DescribeExecutionCommand({ executionArn }));
    expect(asked).toBe(0);
  });
});
