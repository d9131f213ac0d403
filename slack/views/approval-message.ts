// The message of an approval: the request, its status, and its buttons. It is built only from the stored approval, both
// for posting and for every update.
import type { KnownBlock } from '@slack/types';
import { type Approval, mayResubmit } from '../../domain/approval.ts';
import { resubmitButton } from './resubmit-button.ts';
import { decisionButtons, undoButton } from './decision-button.ts';
import {
  amendedLine,
  codeBlocks,
  factsAndReason,
  linkLine,
  note,
  previousAnswerLine,
  startedBy,
  withPicture,
} from './request-details.ts';
import { escalationLine } from './escalation-line.ts';
import { truncate, limits } from './limits.ts';
import { escapeMrkdwn, executionRef, time } from './mrkdwn.ts';
import { requestTitle } from './request-title.ts';
import { section, sections } from './section.ts';
import { statusText } from './status-text.ts';

export interface View {
  /** The complete content as text, because screen readers and notifications do not use the blocks. */
  readonly text: string;
  readonly blocks: KnownBlock[];
}

/** The `event_type` of the message's metadata, by which the message can be found. */
export const METADATA_EVENT = 'countersign_approval';

export function approvalMessage(approval: Approval): View {
  const { emoji, label, sentence } = statusText(approval);
  const { request } = approval;
  const pending = approval.status === 'pending';
  const title = pending ? `${requestTitle(request)}?` : `${label}: ${requestTitle(request)}`;
  const lines = [sentence, factsAndReason(request), ...linkLine(request), ...amendedLine(approval)];
  return {
    text: truncate(
      [
        title,
        ...lines,
        ...previousAnswerLine(approval),
        ...note(approval),
        origin(approval),
        ...(request.code ? [escapeMrkdwn(request.code)] : []),
      ].join('\n'),
      limits.messageText,
    ),
    blocks: [
      ...withPicture(sections([`${emoji} *${title}*`, ...lines, ...previousAnswerLine(approval)]), request),
      ...codeBlocks(request),
      ...note(approval).map((text) => section(`> ${text}`)),
      ...buttons(approval),
      ...(pending ? escalationLine(approval).map(context) : []),
      context(origin(approval)),
    ],
  };
}

function origin(approval: Approval): string {
  const { execution, askedAt } = approval;
  return `${startedBy(approval)}, ${time(askedAt)} · execution ${executionRef(execution)}`;
}

function buttons(approval: Approval): KnownBlock[] {
  if (approval.status === 'pending') {
    const hasVotes = Object.keys(approval.votes).length > 0;
    const elements = [...decisionButtons(approval), ...(hasVotes ? [undoButton(approval)] : [])];
    // Slack refuses a block without elements.
    return elements.length > 0 ? [{ type: 'actions', elements }] : [];
  }
  return mayResubmit(approval) ? [{ type: 'actions', elements: [resubmitButton(approval)] }] : [];
}

function context(text: string): KnownBlock {
  return { type: 'context', elements: [{ type: 'mrkdwn', text, verbatim: true }] };
}
