// Says what a workflow's own bot must know of an approval before it acts on it. Buttons on progress and the slash command with
// `cancel` use it.
import type { WebClient } from '@slack/web-api';
import type { Approval } from '../domain/approval.ts';
import { mayDecline } from '../domain/votes.ts';
import type { CheckPerson } from '../slack/check-person.ts';

/** The approval whose button was pressed, or that a person named in a command. */
export interface Pressed {
  /** Name of the execution. */
  readonly execution: string;
  readonly executionArn: string;
  /** Id of the approval. */
  readonly approval: string;
  /** Id of the Slack channel of the request. */
  readonly channel: string;
  /** Slack's `ts` of the request's message. Absent until it is posted. */
  readonly ts?: string | undefined;
  /** Whether the request was declined, cancelled or not decided in time, or its execution has a result. */
  readonly isOver: boolean;
  /**
   * Whether the person may act on it: the requester, or an approver, as for cancelling a request. False for a deactivated
   * user, for a person of another workspace, and for a guest unless the setting `guests` allows them.
   */
  readonly mayAct: boolean;
}

/** The person who cancels what an approved execution does. */
export interface CancelledBy {
  /** Slack user id. */
  readonly by: string;
  /** Answers the person privately. Call it once, within three seconds. */
  readonly answer: (text: string) => Promise<void>;
  readonly slack: WebClient;
}

/** @param by Slack user id */
export async function pressedBy(
  by: string,
  approval: Approval,
  slack: WebClient,
  { checkPerson }: { readonly checkPerson: CheckPerson },
): Promise<Pressed> {
  const { execution, executionArn, id, channel, ts, status, result } = approval;
  return {
    execution,
    executionArn,
    approval: id,
    channel,
    ts,
    isOver: result !== undefined || !['pending', 'approved'].includes(status),
    mayAct: mayDecline(approval, by) && !(await checkPerson(by, slack)),
  };
}
