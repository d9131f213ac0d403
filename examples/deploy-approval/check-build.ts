// The state Check Build: looks at what is to be deployed, and adds what people are asked. Of a real one the facts would
// come from the build server.
import type { Request } from '../../domain/request.ts';

export interface Build extends Pick<Request, 'previousAnswer'> {
  readonly service: string;
  readonly version: string;
  /** Slack user id of who asked again, or of whoever your own tool says. */
  readonly requestedBy?: string;
}

/** Step Functions knows the error by this name, and people in Slack read its message. */
class NoBuild extends Error {
  override readonly name = 'NoBuild';
}

export async function handler(build: Build): Promise<Build & { readonly request: Request }> {
  const { service, version, requestedBy: requester, previousAnswer } = build;
  if (!service || !version)
    throw new NoBuild('The input must be like {"service":"checkout","version":"2.14.0"}.');
  const facts = [
    { label: 'Tests', value: '412 passed', at: new Date().toISOString() },
    { label: 'Changes', value: '7 commits' },
  ];
  const reason = 'Canary without errors for 30 minutes.';
  return {
    ...build,
    request: { title: `Deploy ${service} ${version}`, facts, reason, requester, previousAnswer },
  };
}
