// The function of the state Check Build: validates the input and adds the approval request. In a real workflow, the
// facts would come from the build server.
import type { ApprovalRequest } from 'countersign';

export interface Build {
  readonly service: string;
  readonly version: string;
  /** Slack user id of the requester. Resubmit sets it. If your own tool sets it, Slack shows it as not verified. */
  readonly requestedBy?: string;
}

/** Step Functions matches errors by `name`. People in Slack read the message. */
class NoBuild extends Error {
  override readonly name = 'NoBuild';
}

export async function handler(build: Build): Promise<Build & { readonly request: ApprovalRequest }> {
  const { service, version, requestedBy: requester } = build;
  if (!service || !version)
    throw new NoBuild(
      'The input needs a service and a version, for example {"service":"checkout","version":"2.14.0"}.',
    );
  const facts = [
    { label: 'Tests', value: '412 passed', at: new Date().toISOString() },
    { label: 'Changes', value: '7 commits' },
  ];
  const reason = 'Canary without errors for 30 minutes.';
  return {
    ...build,
    request: { title: `Deploy ${service} ${version}`, facts, reason, requester },
  };
}
