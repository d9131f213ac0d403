// The state Deploy: does what people approved, and says how it is told. A real one would start the deployment.
import type { Result } from '../../domain/approval.ts';
import type { Build } from './check-build.ts';

export async function handler(build: Build): Promise<Build & { readonly result: Result }> {
  const text = `${build.service} ${build.version} runs in production.`;
  return { ...build, result: { outcome: 'done', label: 'Deployed', emoji: ':rocket:', text } };
}
