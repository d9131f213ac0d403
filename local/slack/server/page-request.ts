// A request of the page, read by the server. Passed to the page's server and its actions.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { UserActions } from '../events/user-actions.ts';
import type { Installation } from '../store/installation.ts';

export interface PageRequest {
  readonly installation: Installation;
  readonly userActions: UserActions;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly pathname: string;
  readonly sent: unknown;
}
