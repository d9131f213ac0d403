// The app's Home: the approvals that wait for the person, all other pending approvals, the last decisions, and the
// settings. `bot/publish-home.ts` publishes it.
import type { HomeView, KnownBlock } from '@slack/types';
import type { Preferences } from '../../domain/out-of-office.ts';
import type { Approval } from '../../domain/approval.ts';
import { mayStillApprove, refusalOf } from '../../domain/votes.ts';
import type { Command } from './command.ts';
import { decisionButtons } from './decision-button.ts';
import { endOfDay } from './end-of-day.ts';
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
import { mention } from './mrkdwn.ts';
import { requestTitle } from './request-title.ts';
import { section, sections } from './section.ts';
import { settingsButton } from './settings-modal.ts';
import { statusText } from './status-text.ts';

export interface Home {
  readonly command: Command;
  /** Slack user id of the person whose Home it is. */
  readonly person: string;
  readonly preferences: Preferences;
  /** Pending approvals, earliest deadline first. */
  readonly pending: readonly Approval[];
  /** Whether there are more pending approvals than those in `pending`. */
  readonly more: boolean;
  /** The last decisions, newest first. */
  readonly decided: readonly Approval[];
  readonly now: Date;
}

/**
 * An own request has at most four blocks, so Home stays below Slack's maximum of 100 blocks:
 * https://docs.slack.dev/reference/views/home-tab-views
 */
const MAX_OWN = 15;
const MAX_OTHERS = 20;

export function homeView(home: Home): HomeView {
  const { command, person, preferences, pending, decided, now } = home;
  // The stored approvers may still include a person who is out of office, so the settings are checked too.
  const isPresent = preferences.outUntil === undefined;
  const own = pending.filter(
    (approval) =>
      isPresent &&
      mayStillApprove(approval).includes(person) &&
      // False for a request whose deadline has passed.
      refusalOf(approval, 'decline', person, now) === undefined,
  );
  const others = pending.filter((approval) => !own.includes(approval));
  const more = home.more || own.length > MAX_OWN || others.length > MAX_OTHERS;
  return {
    type: 'home',
    blocks: [
      header('Waiting for you'),
      ...(own.length > 0
        ? own.slice(0, MAX_OWN).flatMap(toDecide)
        : [section('Nothing is waiting for you.')]),
      header('Waiting on others'),
      ...(others.length > 0
        ? others.slice(0, MAX_OTHERS).map(line)
        : [section('Nothing is waiting on others.')]),
      ...(more ? [section(`There are more: \`${command.name} pending\` lists them all.`)] : []),
      header('Last decisions'),
      ...(decided.length > 0 ? decided.map(line) : [section('No decisions yet.')]),
      header('Your settings'),
      section(settings(preferences)),
      { type: 'actions', elements: [settingsButton()] },
    ],
  };
}

function toDecide(approval: Approval): KnownBlock[] {
  return [
    ...withPicture(sections([summary(approval), ...details(approval)]), approval.request),
    ...codeBlocks(approval.request),
    {
      type: 'actions',
      // The buttons of all approvals have the same action ids, so the block id distinguishes them.
      block_id: approval.id,
      elements: [...decisionButtons(approval)],
    },
  ];
}

function line(approval: Approval): KnownBlock {
  return section(summary(approval));
}

function summary(approval: Approval): string {
  const { label, sentence } = statusText(approval);
  return `*${requestTitle(approval.request)}*\n${label}: ${sentence}`;
}

/** The details that the message shows, because a person who decides in Home does not see the message. */
function details(approval: Approval): readonly string[] {
  const lines = [
    ...linkLine(approval.request),
    ...amendedLine(approval),
    ...previousAnswerLine(approval),
    ...note(approval).map((each) => `> ${each}`),
  ];
  return [`${startedBy(approval)} · ${factsAndReason(approval.request)}`, lines.join('\n')].filter(Boolean);
}

function settings(preferences: Preferences): string {
  const { directMessages, outUntil, delegate } = preferences;
  const results = directMessages
    ? 'Results of what you asked for come to you in direct messages.'
    : 'Results of what you asked for stay in their threads.';
  if (!outUntil) return results;
  const instead = delegate ? `Your delegate is ${mention(delegate)}.` : 'You have no delegate.';
  return `${results} You are out until the end of ${endOfDay(preferences)}. ${instead}`;
}

function header(text: string): KnownBlock {
  return { type: 'header', text: { type: 'plain_text', text } };
}
