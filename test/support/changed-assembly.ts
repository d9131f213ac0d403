// A copy of the synthesised assembly with other resources or outputs. The tests of grants, the stories about alarms and
// the tests of several channels run it.
import { mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';

interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, any>>;
}

export type Resources = Readonly<Record<string, Resource>>;

const TEMPLATE = 'Countersign-dev.template.json';

export const template: { readonly Resources: Resources; readonly Outputs: object } = JSON.parse(
  readFileSync(join(inject('assembly'), TEMPLATE), 'utf8'),
);

/** Returns the folder of the copy. The caller removes it. */
export function assemblyWith(resources: Resources, outputs: object = {}): string {
  const assembly = mkdtempSync(join(tmpdir(), 'countersign-changed-'));
  for (const file of readdirSync(inject('assembly')))
    if (file !== TEMPLATE) symlinkSync(join(inject('assembly'), file), join(assembly, file));
  const Outputs = { ...template.Outputs, ...outputs };
  writeFileSync(join(assembly, TEMPLATE), JSON.stringify({ ...template, Resources: resources, Outputs }));
  return assembly;
}
