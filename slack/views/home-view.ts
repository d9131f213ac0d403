// The app's Home: what waits for the one who looks, then all else that waits, then the last decisions. The listener of
// opening it publishes it, and so does whoever acts from there.
import type { HomeView, KnownBlock } from '@slack/types';
import type { Preferences } from '../../domain/out-of-office.ts';
import type { Approval } from '../../domain/approval.ts';
import { mayStillApprove } from '../../domain/votes.ts';
import type { Command } from './command.ts';
import { decisionButton } from './decision-button.ts';
import { previousAnswerLine, factsAndReason, note } from './request-details.ts';
import { truncate, limits } from './limits.ts';
import { mention } from './mrkdwn.ts';
import { requestTitle } from './request-title.ts';
import { settingsButton } from './settings-modal.ts';
import { statusText } from './status-text.ts';

export interface Home {
  readonly command: Command;
  /** Slack user id of the one who looks. */
  readonly person: string;
  readonly preferences: Preferences;
  /** What waits for a decision, the earliest deadline first. */
  readonly pending: readonly Approval[];
  /** Whether more waits than is shown. */
  readonly more: boolean;
  /** The last decisions, the newest first. */
  readonly decided: readonly Approval[];
}

export function homeView(home: Home): HomeView {
  const { command, person, preferences, pending, decided } = home;
  // Who has just gone is among the members until these are looked at again.
  const here = preferences.outUntil === undefined;
  const mine = pending.filter((approval) => here && mayStillApprove(approval).includes(person));
  const others = pending.filter((approval) => !mine.includes(approval));
  return {
    type: 'home',
    blocks: [
      header('Waits for you'),
      ...(mine.length > 0 ? mine.flatMap(toDecide) : [section('Nothing waits for you.')]),
      header('Waits for others'),
      ...(others.length > 0 ? others.map(line) : [section('Nothing waits for others.')]),
      ...(home.more ? [section(`More waits: \`${command.name} pending\` shows it all.`)] : []),
      header('Last decisions'),
      ...(decided.length > 0 ? decided.map(line) : [section('Nothing was decided this month.')]),
      header('Your settings'),
      section(settings(preferences)),
      { type: 'actions', elements: [settingsButton()] },
    ],
  };
}

function toDecide(approval: Approval): KnownBlock[] {
  return [
    section([words(approval), ...grounds(approval)].join('\n')),
    {
      type: 'actions',
      // A block's id tells its buttons from those of the next.
      block_id: approval.id,
      elements: [decisionButton('approved', approval), decisionButton('declined', approval)],
    },
  ];
}

function line(approval: Approval): KnownBlock {
  return section(words(approval));
}

function words(approval: Approval): string {
  const { word, sentence } = statusText(approval);
  return `*${requestTitle(approval.request)}*\n${word}: ${sentence}`;
}

/** Who decides here has not the message before them. */
function grounds({ request }: Approval): readonly string[] {
  const who = request.requester ? [`Requested by ${mention(request.requester)}`] : [];
  return [
    [...who, factsAndReason(request)].join(' · '),
    ...previousAnswerLine(request),
    ...note(request).map((each) => `> ${each}`),
  ];
}

function settings({ directMessages, outUntil, delegate }: Preferences): string {
  const results = directMessages
    ? 'Results of what you asked for come to you in direct messages.'
    : 'Results of what you asked for stay in their threads.';
  if (!outUntil) return results;
  const instead = delegate ? `${mention(delegate)} approves in your place` : 'nobody approves in your place';
  return `${results} You are out until the end of ${day(outUntil)} (UTC): ${instead}.`;
}

/** Its parts do not break at the end of a line. @param date such as `2026-11-30` */
function day(date: string): string {
  // Made when it is needed: most presses need none, and it would cost each of them when it starts.
  const format = new Intl.DateTimeFormat('en-US', { dateStyle: 'long', timeZone: 'UTC' });
  return format.format(new Date(date)).replaceAll(' ', '\u00A0');
}

function header(text: string): KnownBlock {
  return { type: 'header', text: { type: 'plain_text', text } };
}

function section(text: string): KnownBlock {
  return {
    type: 'section',
    text: { type: 'mrkdwn', text: truncate(text, limits.sectionText), verbatim: true },
  };
}
