// A request of the page, as the server read it. The page's server answers it, or has the person's action carried out.
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
