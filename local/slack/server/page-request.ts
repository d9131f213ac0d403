// A request from the page, with its body parsed. The server passes it to the handlers of the page's files and actions.
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
