// The function of the state Deploy: returns the result that Slack shows. A real one would start the deployment first.
import type { ApprovalResult } from 'countersign';
import type { Build } from './check-build.ts';

export async function handler(build: Build): Promise<Build & { readonly result: ApprovalResult }> {
  const text = `${build.service} ${build.version} runs in production.`;
  return { ...build, result: { outcome: 'done', label: 'Deployed', emoji: ':rocket:', text } };
}
