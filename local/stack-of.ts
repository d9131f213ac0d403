// Reads the name and the channel of a synthesised stack, which are needed before the stack runs. Called by `start.ts`,
// `world.ts` and `workspace.ts`.
import { readAssembly } from './cloud/template/assembly.ts';
import { objectAt, textAt } from './cloud/core/json.ts';

export interface StackFacts {
  readonly name: string;
  /** Id of the Slack channel, from the stack's output `Channel`. */
  readonly channel: string;
}

export function stackOf(assembly: string): StackFacts {
  const { stackName, template } = readAssembly(assembly);
  const channel = textAt(objectAt(objectAt(template, 'Outputs'), 'Channel'), 'Value');
  return { name: stackName, channel };
}
