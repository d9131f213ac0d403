// The message in the channel: what is asked, and what became of it. A pure function of the approval: the same
// function serves the post and every later update, so nothing is ever read back from Slack or patched.
import type { KnownBlock } from '@slack/types';
import { type Approval, mayResubmit } from '../../domain/approval.ts';
import { resubmitButton } from './resubmit-button.ts';
import { decisionButton, undoButton } from './decision-button.ts';
import { previousAnswerLine, factsAndReason, note } from './request-details.ts';
import { escalationLine } from './escalation-line.ts';
import { truncate, limits } from './limits.ts';
import { dayAndTime, mention, escapeMrkdwn } from './mrkdwn.ts';
import { requestTitle } from './request-title.ts';
import { statusText } from './status-text.ts';

export interface View {
  /** The whole meaning in words: screen readers and phones' notifications show this, not the blocks. */
  readonly text: string;
  readonly blocks: KnownBlock[];
}

/** The type of the message's metadata, by which it can be found again. */
export const METADATA_EVENT = 'countersign_approval';

/** The decision first, then the facts, then the detail. */
export function approvalMessage(approval: Approval): View {
  const { sign, word, sentence } = statusText(approval);
  const { request } = approval;
  const pending = approval.status === 'pending';
  const title = pending ? `${requestTitle(request)}?` : `${word}: ${requestTitle(request)}`;
  const lines = [sentence, factsAndReason(request)];
  return {
    text: truncate(
      [title, ...lines, ...previousAnswerLine(request), ...note(request), origin(approval)].join('\n'),
      limits.messageText,
    ),
    blocks: [
      section(
        truncate(
          [`${sign} *${title}*`, ...lines, ...previousAnswerLine(request)].join('\n'),
          limits.sectionText,
        ),
      ),
      ...note(request).map((words) => section(`> ${truncate(words, limits.sectionText - 2)}`)),
      ...buttons(approval),
      ...(pending ? escalationLine(approval).map(context) : []),
      context(origin(approval)),
    ],
  };
}

function origin({ request, execution, askedAt }: Approval): string {
  const who = request.requester ? `Requested by ${mention(request.requester)}` : 'Started outside Slack';
  return `${who}, ${dayAndTime(askedAt)} · execution ${escapeMrkdwn(execution)}`;
}

function buttons(approval: Approval): KnownBlock[] {
  if (approval.status === 'pending') {
    const decisions = [decisionButton('approved', approval), decisionButton('declined', approval)];
    const given = Object.keys(approval.votes).length > 0;
    return [{ type: 'actions', elements: given ? [...decisions, undoButton(approval)] : decisions }];
  }
  return mayResubmit(approval) ? [{ type: 'actions', elements: [resubmitButton(approval)] }] : [];
}

/** Verbatim: Slack makes no links and no mentions of what only looks like one. */
function section(text: string): KnownBlock {
  return { type: 'section', text: { type: 'mrkdwn', text, verbatim: true } };
}

function context(text: string): KnownBlock {
  return { type: 'context', elements: [{ type: 'mrkdwn', text, verbatim: true }] };
}
