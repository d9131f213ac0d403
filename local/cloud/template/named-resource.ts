// A resource of the template as its reader gets it: with its name and address here, and a way to refuse it. The readers
// and the readers of grants take it.
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
