// The function of the state Deploy: returns the result that Slack shows. A real one would start the deployment first.
import type { Result } from '../../domain/approval.ts';
import type { Build } from './check-build.ts';

export async function handler(build: Build): Promise<Build & { readonly result: Result }> {
  const text = `${build.service} ${build.version} runs in production.`;
  return { ...build, result: { outcome: 'done', label: 'Deployed', emoji: ':rocket:', text } };
}
