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
  fieldSections,
  linkLine,
  note,
  previousAnswerLine,
  withPicture,
} from './request-details.ts';
import { escapeMrkdwn, mention, messageLink } from './mrkdwn.ts';
import { titleWithResult } from './request-title.ts';
import { limits, truncate } from './limits.ts';
import { header, section, sections } from './section.ts';
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
  /** Permalinks of the messages, by the id of the approval. */
  readonly permalinks: ReadonlyMap<string, string>;
  readonly now: Date;
}

/**
 * An own request has at most seven blocks, so Home stays below Slack's maximum of 100 blocks:
 * https://docs.slack.dev/reference/views/home-tab-views
 */
const MAX_OWN = 8;
const MAX_OTHERS = 20;

type Pending = Pick<Home, 'person' | 'preferences' | 'pending' | 'now'>;

/** The pending requests that need the person's approval. Home shows the first `MAX_OWN` of them. */
function needApproval({ person, preferences, pending, now }: Pending): readonly Approval[] {
  // The stored approvers may still include a person who is out of office, so the settings are checked too.
  if (preferences.outUntil !== undefined) return [];
  return pending.filter(
    (approval) =>
      mayStillApprove(approval).includes(person) &&
      // False for a request whose deadline has passed.
      refusalOf(approval, 'decline', person, now) === undefined,
  );
}

export function homeView(home: Home): HomeView {
  const own = needApproval(home);
  let shown = Math.min(own.length, MAX_OWN);
  let view = viewWith(shown, own, home);
  // Only requests with very long facts are too large.
  while (shown > 1 && Buffer.byteLength(JSON.stringify(view)) > limits.viewBytes) {
    shown -= 1;
    view = viewWith(shown, own, home);
  }
  return view;
}

/** @param shown how many of the requests that need the person's approval have their details and buttons */
function viewWith(shown: number, own: readonly Approval[], home: Home): HomeView {
  const { command, preferences, pending, decided, permalinks } = home;
  const others = pending.filter((approval) => !own.includes(approval));
  const more = home.more || own.length > shown || others.length > MAX_OTHERS;
  return {
    type: 'home',
    blocks: [
      header('Needs your approval'),
      ...(own.length > 0
        ? own.slice(0, shown).flatMap((approval) => toDecide(approval, permalinks.get(approval.id)))
        : [section('Nothing needs your approval.')]),
      { type: 'divider' },
      header('Waiting on others'),
      ...(others.length > 0
        ? others.slice(0, MAX_OTHERS).map((approval) => line(approval, permalinks.get(approval.id)))
        : [section('Nothing is waiting on others.')]),
      ...(more ? [section(`There are more: \`${command.name} pending\` lists them all.`)] : []),
      { type: 'divider' },
      header('Recent decisions'),
      ...(decided.length > 0
        ? decided.map((approval) => line(approval, permalinks.get(approval.id)))
        : [section('No decisions yet.')]),
      { type: 'divider' },
      header('Your settings'),
      section(settings(preferences)),
      { type: 'actions', elements: [settingsButton()] },
    ],
  };
}

function toDecide(approval: Approval, permalink: string | undefined): KnownBlock[] {
  return [
    ...withPicture(sections([summary(approval), ...details(approval, permalink)]), approval.request),
    ...fieldSections(approval),
    ...codeBlocks(approval.request),
    {
      type: 'actions',
      // The buttons of all approvals have the same action ids, so the block id distinguishes them.
      block_id: approval.id,
      elements: [...decisionButtons(approval)],
    },
  ];
}

function line(approval: Approval, permalink: string | undefined): KnownBlock {
  const link = permalink ? ` ${messageLink(permalink)}` : '';
  return section(`${truncate(summary(approval), limits.sectionText - link.length)}${link}`);
}

function summary(approval: Approval): string {
  const { label, sentence } = statusText(approval);
  return `*${label}: ${titleWithResult(approval)}*\n${sentence}`;
}

/** The details that the message shows, because a person who decides in Home does not see the message. */
function details(approval: Approval, permalink: string | undefined): readonly string[] {
  const lines = [
    ...linkLine(approval.request),
    ...amendedLine(approval),
    ...previousAnswerLine(approval),
    ...note(approval).map((each) => `> ${each}`),
    ...(permalink ? [messageLink(permalink)] : []),
  ];
  return [escapeMrkdwn(approval.request.reason), lines.join('\n')].filter(Boolean);
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
