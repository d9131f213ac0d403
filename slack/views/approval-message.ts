// The message of an approval: the request, its status, and its buttons. It is built only from the stored approval, both
// for posting and for every update.
import type { KnownBlock } from '@slack/types';
import { type Approval, mayResubmit } from '../../domain/approval.ts';
import { chartBlock, type DataVisualizationBlock } from './chart.ts';
import { resubmitButton } from './resubmit-button.ts';
import { decisionButtons, undoButton } from './decision-button.ts';
import {
  amendedLine,
  codeBlocks,
  detailsLine,
  fieldSections,
  linkLine,
  note,
  previousAnswerLine,
  withPicture,
} from './request-details.ts';
import { executionLinks } from './execution-link.ts';
import { escalationLine } from './escalation-line.ts';
import { truncate, limits } from './limits.ts';
import { cleanText, escapeMrkdwn, executionRef, unescapeMrkdwn } from './mrkdwn.ts';
import { titleWithResult } from './request-title.ts';
import { context, header, section, sections } from './section.ts';
import { statusText } from './status-text.ts';

export interface View {
  /** The complete content as text, because screen readers and notifications do not use the blocks. */
  readonly text: string;
  readonly blocks: MessageBlock[];
}

export type MessageBlock = KnownBlock | DataVisualizationBlock;

/** The `event_type` of the message's metadata, by which the message can be found. */
export const METADATA_EVENT = 'countersign_approval';

export function approvalMessage(approval: Approval): View {
  const { emoji, label, sentence } = statusText(approval);
  const { request } = approval;
  const title = `${emoji} ${unescapeMrkdwn(label)}: ${cleanText(request.title)}`;
  // A header has room for a short title only.
  const wholeTitle = title.length > limits.headerText ? [`*${escapeMrkdwn(request.title)}*`] : [];
  const lines = [sentence, ...linkLine(request), ...amendedLine(approval), ...previousAnswerLine(approval)];
  const reason = escapeMrkdwn(request.reason).trim();
  // Afterwards, readers must not take what was expected for what happened.
  const heading = approval.status === 'pending' ? [] : ['*As requested*'];
  const last = lastLine(approval);
  const content = [
    `${label}: ${titleWithResult(approval)}`,
    ...lines,
    ...heading,
    detailsLine(approval),
    ...(reason ? [reason] : []),
    ...note(approval),
  ].join('\n');
  return {
    text: truncate(
      [
        // The last line must stay: commands need the ref.
        truncate(content, limits.messageText - last.length - '\n\n…'.length),
        last,
        ...(request.code ? [escapeMrkdwn(request.code)] : []),
      ].join('\n'),
      limits.messageText,
    ),
    blocks: [
      header(title),
      ...withPicture(sections([...wholeTitle, ...lines]), request),
      ...heading.map(section),
      ...fieldSections(approval),
      ...(reason ? [section(reason)] : []),
      ...codeBlocks(request),
      ...note(approval).map((text) => section(`> ${text}`)),
      ...buttons(approval),
      ...(request.chart && approval.status === 'pending' ? [chartBlock(request.chart)] : []),
      context(last),
    ],
  };
}

/** While the request is pending: what follows if nobody decides. */
function lastLine(approval: Approval): string {
  const { execution, executionArn, status } = approval;
  const upcoming = status === 'pending' ? [escalationLine(approval)] : [];
  return [...upcoming, `ref ${executionRef(execution)}`, ...executionLinks(executionArn)].join(' · ');
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
