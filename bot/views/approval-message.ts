// The message in the channel: what is asked, and what became of it. A pure function of the approval: the same
// function serves the post and every later update, so nothing is ever read back from Slack or patched.
import type { KnownBlock } from '@slack/types';
import type { Approval, Status } from '../../domain/approval.ts';
import type { Fact, Request } from '../../domain/request.ts';
import { decisionButton } from './decision-button.ts';
import { cut, limits } from './limits.ts';
import { dayAndTime, mention, plain, time } from './mrkdwn.ts';

export interface View {
  /** The whole meaning in words: screen readers and phones' notifications show this, not the blocks. */
  readonly text: string;
  readonly blocks: KnownBlock[];
}

/** The type of the message's metadata, by which it can be found again. */
export const METADATA_EVENT = 'countersign_approval';

export function approvalMessage(approval: Approval): View {
  const { request } = approval;
  const headline = `${signs[approval.status]} *${plain(request.title)}* — ${standing(approval)}`;
  return {
    text: cut(
      [`${plain(request.title)} — ${standing(approval)}`, ...asText(request)].join('\n'),
      limits.messageText,
    ),
    blocks: [
      section(headline),
      ...(request.facts.length > 0 ? [facts(request)] : []),
      section(cut(plain(request.reason), limits.sectionText)),
      ...(request.note ? [section(`> ${cut(oneLine(plain(request.note)), limits.sectionText - 2)}`)] : []),
      { type: 'context', elements: [{ type: 'mrkdwn', text: origin(approval) }] },
      ...(approval.status === 'pending' ? [buttons(approval)] : []),
    ],
  };
}

const signs: Readonly<Record<Status, string>> = {
  pending: ':hourglass_flowing_sand:',
  approved: ':white_check_mark:',
  declined: ':x:',
  expired: ':alarm_clock:',
  cancelled: ':no_entry:',
};

/** Where the approval stands, in words: it is never left to the sign or a colour. */
export function standing(approval: Approval): string {
  const { decision, result } = approval;
  const decided = decision ? `${decision.outcome} by ${mention(decision.by)}, ${time(decision.at)}` : '';
  switch (approval.status) {
    case 'pending':
      return `waiting for a decision until ${dayAndTime(approval.deadline)}`;
    case 'approved':
      return result ? `${decided}, ${result.outcome}` : decided;
    case 'declined':
      return decided || 'declined';
    case 'expired':
      return decided ? `expired; ${decided}, too late` : 'expired, nobody decided in time';
    case 'cancelled':
      return decided ? `cancelled; ${decided}, too late` : 'cancelled, the execution ended before a decision';
  }
}

function asText({ facts: lines, reason, note }: Request): string[] {
  return [
    ...lines.map((fact) => `${plain(fact.label)}: ${factValue(fact)}`),
    plain(reason),
    plain(note ?? ''),
  ].filter(Boolean);
}

function facts({ facts: lines }: Request): KnownBlock {
  const fields = lines.slice(0, limits.sectionFields).map((fact) => ({
    type: 'mrkdwn' as const,
    text: cut(`*${plain(fact.label)}*\n${factValue(fact)}`, limits.sectionField),
  }));
  return { type: 'section', fields };
}

function factValue({ value, at }: Fact): string {
  return at ? `${plain(value)}, ${time(at)}` : plain(value);
}

function origin({ request, execution }: Approval): string {
  const who = request.requester ? `Requested by ${mention(request.requester)}` : 'Started outside Slack';
  return `${who} · execution ${plain(execution)}`;
}

function buttons(approval: Approval): KnownBlock {
  return {
    type: 'actions',
    elements: [decisionButton('approved', approval), decisionButton('declined', approval)],
  };
}

function section(text: string): KnownBlock {
  return { type: 'section', text: { type: 'mrkdwn', text } };
}

function oneLine(text: string): string {
  return text.replaceAll('\n', ' ');
}
