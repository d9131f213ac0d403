// Reads the name and the channels of a synthesised stack, which are needed before the stack runs. Called by `start.ts`,
// `world.ts` and `workspace.ts`.
import { readAssembly } from './cloud/template/assembly.ts';
import { objectAt, textAt } from './cloud/core/json.ts';

export interface StackFacts {
  readonly name: string;
  /** Ids of the Slack channels, from the stack's output `Channels`. The first is the channel of the policy `default`. */
  readonly channels: readonly [string, ...string[]];
}

export function stackOf(assembly: string): StackFacts {
  const { stackName, template } = readAssembly(assembly);
  const ids = textAt(objectAt(objectAt(template, 'Outputs'), 'Channels'), 'Value').split(',');
  const [first = '', ...others] = ids;
  return { name: stackName, channels: [first, ...others] };
}
