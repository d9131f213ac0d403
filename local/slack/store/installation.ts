// The installed app and the workspace: the manifest, the secrets, the channels and more. `slack.ts` creates it once and
// passes it to the other files.
import type { Clock } from '../../clock.ts';
import type { Persistence } from '../../persistence.ts';
import type { Channel } from './channels.ts';
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

/**
 * Where the app is installed: in a workspace that belongs to an Enterprise Grid organization, or for a whole
 * organization. By default in a workspace that belongs to none.
 */
export type Organization = 'workspace' | 'whole';

export interface Installation {
  readonly manifest: Manifest;
  readonly botToken: string;
  readonly signingSecret: string;
  readonly channels: readonly [Channel, ...Channel[]];
  readonly workspace: Workspace;
  readonly clock: Clock;
  /** The address of the local Slack. */
  readonly url: string;
  /** The address of the app. */
  readonly requestUrl: () => string;
  readonly lastRequest: LastRequest;
  readonly files: Files;
  readonly refusals: Refusals;
  readonly rates: Rates;
  /** Tests set it. */
  readonly organization: { part?: Organization | undefined };
  /** Resolves when all changes are on disk. Await it before you answer a request. */
  readonly saved: Persistence['saved'];
  /** A sentence about the app, which the page shows at its top. */
  readonly about?: string;
  /** Whether a slash command makes requests. Undefined means that it does. */
  readonly startsByCommand?: boolean;
  /** Supplies the data of the page's workflow panel. If it is absent, the page has no such panel. */
  readonly workflow?: WorkflowSource;
  readonly log: Log;
}
