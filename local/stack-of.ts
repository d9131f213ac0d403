// What the local world must know of a synthesised stack before it runs. Whoever starts a world asks.
import { readAssembly } from './cloud/template/assembly.ts';
import { objectAt, textAt } from './cloud/core/json.ts';

export interface StackFacts {
  readonly name: string;
  /** The channel's id is a setting; the stack gives it as an output, a literal. */
  readonly channel: string;
}

export function stackOf(assembly: string): StackFacts {
  const { stackName, template } = readAssembly(assembly);
  const channel = textAt(objectAt(objectAt(template, 'Outputs'), 'Channel'), 'Value');
  return { name: stackName, channel };
}
