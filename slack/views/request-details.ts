// The details of a request: facts, reason, links, code, picture, note, and the answer to an earlier request. The message shows them, and Home
// shows them next to its buttons.
import type { RichTextBlock, SectionBlock } from '@slack/types';
import type { Approval } from '../../domain/approval.ts';
import type { Fact, Request } from '../../domain/request.ts';
import { claimedRequester } from '../../domain/requesters.ts';
import { truncate } from './limits.ts';
import {
  cleanText,
  escapeMrkdwn,
  link,
  mention,
  messageLink,
  quotation,
  removeDirections,
  time,
} from './mrkdwn.ts';

/** At most 2,500 characters, so that the text and who started the execution fit into one section. Facts are cut first. */
export function factsAndReason({ facts, reason }: Request): string {
  const end = truncate(escapeMrkdwn(reason), MAX_DETAILS / 2);
  return [factList(facts, MAX_DETAILS - end.length), end].filter(Boolean).join(' · ');
}

const MAX_DETAILS = 2_500;
const MAX_FACTS = 10;

/** As many facts as fit, and how many more there are. */
function factList(facts: readonly Fact[], maxLength: number): string {
  for (let count = Math.min(facts.length, MAX_FACTS); count > 0; count -= 1) {
    const more = facts.length - count;
    const rest = more === 0 ? [] : [more === 1 ? '1 more fact' : `${more} more facts`];
    const list = [...facts.slice(0, count).map(factLine), ...rest].join(' · ');
    if (list.length <= maxLength) return list;
  }
  return truncate(facts.slice(0, 1).map(plainFact).join(''), maxLength);
}

/** The links of the request, on one line. */
export function linkLine({ links = [] }: Request): readonly string[] {
  return links.length === 0 ? [] : [links.map(({ label, url }) => link(url, label)).join(' · ')];
}

/** The lines that are shown as they are. No character of them can format anything. */
export function codeBlocks({ code }: Request): readonly RichTextBlock[] {
  if (!code) return [];
  const elements = [{ type: 'text' as const, text: removeDirections(code) }];
  return [{ type: 'rich_text', elements: [{ type: 'rich_text_preformatted', elements }] }];
}

/**
 * Adds the picture beside the first section. Slack refuses a message whose image block it cannot read, but shows a
 * section without the picture that it cannot read: https://github.com/slackapi/java-slack-sdk/issues/1396
 */
export function withPicture(
  sections: readonly SectionBlock[],
  { picture }: Request,
): readonly SectionBlock[] {
  const [first, ...others] = sections;
  if (!picture || !first) return sections;
  const { url: image_url, alt } = picture;
  return [{ ...first, accessory: { type: 'image', image_url, alt_text: cleanText(alt) } }, ...others];
}

/** The note with the name of the person who typed it, so that people do not read it as the note of an approver. */
export function note({ request, noteBy }: Approval): readonly string[] {
  const { note: text } = request;
  if (!text) return [];
  return [`${noteBy ? mention(noteBy) : 'Note'}: ${escapeMrkdwn(text).replaceAll(/\s+/g, ' ')}`];
}

/** Who started the execution. A name in the input of an execution is shown as what it is: not verified. */
export function startedBy(approval: Approval): string {
  if (approval.requester) return `Requested by ${mention(approval.requester)}`;
  const claimed = claimedRequester(approval);
  return claimed ? `Started via AWS, which names ${mention(claimed)} (not verified)` : 'Started via AWS';
}

/** When the request was last changed, and by whom. */
export function amendedLine({ amendments }: Approval): readonly string[] {
  const last = amendments?.at(-1);
  if (!last) return [];
  const by = last.by ? ` by ${mention(last.by)}` : '';
  return [`Changed${by} at ${time(last.at)}. Earlier approvals do not count.`];
}

export function previousAnswerLine({ previousAnswer }: Approval): readonly string[] {
  if (!previousAnswer) return [];
  const { outcome, by, reason, permalink } = previousAnswer;
  const quotedReason = reason ? `: ${quotation(reason)}` : '';
  const how = {
    declined: `declined before by ${by ? mention(by) : 'somebody'}${quotedReason}`,
    unfilled: `not carried out before${quotedReason}`,
    expired: 'it expired before.',
  };
  return [`Asked again; ${how[outcome]}${permalink ? ` ${messageLink(permalink)}` : ''}`];
}

function factLine(fact: Fact): string {
  const { label, value, at, url } = fact;
  if (!url) return plainFact(fact);
  return `${escapeMrkdwn(label)} ${link(url, value)}${at ? ` (${time(at)})` : ''}`;
}

function plainFact({ label, value, at }: Fact): string {
  return `${escapeMrkdwn(label)} ${escapeMrkdwn(value)}${at ? ` (${time(at)})` : ''}`;
}
