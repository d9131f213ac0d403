// The app as it is installed in the local workspace: what each request to it and from it needs to know.
// Made once by `slack.ts` and handed to everything below it.
import type { Clock } from '../../clock.ts';
import type { Persistence } from '../../persistence.ts';
import type { Manifest } from './manifest.ts';
import type { Files } from './files.ts';
import type { Rates } from './rates.ts';
import type { Refusals } from './refusals.ts';
import type { LastRequest } from './last-request.ts';
import type { Workspace } from './state.ts';
import type { WorkflowSource } from './workflow.ts';

export type Log = (event: {
  readonly source: string;
  readonly event: string;
  readonly [field: string]: unknown;
}) => void;

export interface Channel {
  readonly id: string;
  readonly name: string;
}

export interface Installation {
  readonly manifest: Manifest;
  readonly botToken: string;
  readonly signingSecret: string;
  readonly channel: Channel;
  readonly workspace: Workspace;
  readonly clock: Clock;
  /** Where this Slack itself is reached. */
  readonly url: string;
  /** Where the app is reached. */
  readonly requestUrl: () => string;
  readonly lastRequest: LastRequest;
  readonly files: Files;
  readonly refusals: Refusals;
  readonly rates: Rates;
  /** What was done is on disk before it is answered. */
  readonly saved: Persistence['saved'];
  /** What the panel shows; without it there is none. */
  readonly workflow?: WorkflowSource;
  readonly log: Log;
}
