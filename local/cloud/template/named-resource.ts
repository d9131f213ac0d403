// A resource of the template, with the name and the address that it has in the local cloud. `resource-readers.ts` and
// `grants.ts` read such resources.
import type { Assembly } from './assembly.ts';
import { asText, type Json } from '../core/json.ts';
import type { Identity, Resource } from './resource-types.ts';

export interface Named extends Resource {
  readonly identity: Identity;
  readonly assembly: Assembly;
  readonly refuse: (finding: string) => void;
}

export function expectOnly({ properties, refuse }: Named, key: string, only: Json): void {
  const value = asText(properties[key]);
  if (value !== asText(only)) refuse(`${key} ${value} is not supported, only ${asText(only)}`);
}
