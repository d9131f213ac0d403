// The direct messages about a request that Slack does not accept in its channel: to each approver, and to the requester.
// request-approval sends them.
import type { Approval } from '../../domain/approval.ts';
import { nobodyCanApprove } from '../../domain/votes.ts';
import { limits, truncate } from './limits.ts';
import { time } from './mrkdwn.ts';
import { requestTitle } from './request-title.ts';

/** @param reader the app's Home shows an approver the buttons, and the requester only the status */
export function unpostedNotice(approval: Approval, reader: 'approver' | 'requester'): string {
  const { request, deadline, channel } = approval;
  const state = `*${requestTitle(request)}* waits for a decision until ${time(deadline)}, but Slack does not accept it in <#${channel}>.`;
  const help =
    reader === 'approver'
      ? "Please decide in this app's Home tab."
      : nobodyCanApprove(approval)
        ? 'As things are, nobody can approve it.'
        : "Approvers can decide in this app's Home tab.";
  return truncate(`:warning: ${state} ${help}`, limits.sectionText);
}
