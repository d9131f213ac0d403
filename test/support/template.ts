// The template synthesised for the tests, in the format of CDK's assertions.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { inject } from 'vitest';

export function synthesised(): Template {
  return Template.fromString(readFileSync(join(inject('assembly'), 'Countersign-dev.template.json'), 'utf8'));
}

export type Resource = { readonly Properties: Record<string, any> };

export function resourcesOf(
  template: Template,
  type: string,
): readonly (Resource & { readonly id: string })[] {
  return Object.entries(template.findResources(type)).map(([id, resource]) => ({
    id,
    Properties: resource['Properties'],
  }));
}
