// The details of a request: amount, facts, requester, links, code, picture, note, and the answer to an earlier request. The
// message shows them, and Home shows them next to its buttons.
import type { RichTextBlock, SectionBlock } from '@slack/types';
import type { Approval } from '../../domain/approval.ts';
import type { Fact, Request } from '../../domain/request.ts';
import { claimedRequester } from '../../domain/requesters.ts';
import { limits, truncate } from './limits.ts';
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
import { amountFact } from './request-title.ts';
import { fieldSection } from './section.ts';

/** The amount, the facts and the requester, each as a field with a label. If there are too many facts, how many more there are. */
export function fieldSections(approval: Approval): readonly SectionBlock[] {
  const { facts, others } = labelledValues(approval);
  const fields = [...facts, ...others].map(([label, value]) => (label ? `*${label}*\n${value}` : value));
  return [fields.slice(0, limits.fields), fields.slice(limits.fields)]
    .filter((each) => each.length > 0)
    .map(fieldSection);
}

/** The same in one line. The facts have at most 1,500 characters, so that there is room for the reason and the ref. */
export function detailsLine(approval: Approval): string {
  const { facts, others } = labelledValues(approval);
  const line = (values: readonly LabelledValue[]) =>
    values.map(([label, value]) => (label ? `${label}: ${value}` : value)).join(' · ');
  return [truncate(line(facts), MAX_FACTS_TEXT), line(others)].filter(Boolean).join(' · ');
}

const MAX_FACTS_TEXT = 1_500;

type LabelledValue = readonly [label: string, value: string];

function labelledValues(approval: Approval) {
  const { request, status, result } = approval;
  const mayFollow = status === 'pending' || (status === 'approved' && !result);
  const facts = request.facts.filter(({ untilResult }) => mayFollow || !untilResult);
  const total = amountFact(request).map(labelledFact);
  const room = 2 * limits.fields - total.length - 1;
  const isCut = facts.length > room;
  const shown = facts.slice(0, isCut ? room - 1 : room).map(labelledFact);
  const more: readonly LabelledValue[] = isCut ? [['More', `${facts.length - shown.length} more facts`]] : [];
  return { facts: [...total, ...shown], others: [...more, origin(approval)] };
}

/** Characters of a value, so that its label and its time fit into the field. */
const MAX_VALUE = 1_700;

function labelledFact({ label, value, at, url }: Fact): LabelledValue {
  const linked = url ? link(url, value) : escapeMrkdwn(value);
  // A part of a link is no link.
  const shown = linked.length > MAX_VALUE ? escapeMrkdwn(value) : linked;
  // With the colon that follows it in the text, a label must not be the name of an emoji.
  return [escapeMrkdwn(`${label}:`).slice(0, -1), `${shown}${at ? ` (${time(at)})` : ''}`];
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

/** A name in the input of an execution is shown as what it is: not verified. */
function origin(approval: Approval): LabelledValue {
  if (approval.requester) return ['Requested by', mention(approval.requester)];
  const claimed = claimedRequester(approval);
  return ['Started', claimed ? `via AWS, which names ${mention(claimed)} (not verified)` : 'via AWS'];
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
    declined: `${by ? mention(by) : 'somebody'} declined the earlier request${quotedReason}`,
    unfilled: `the earlier request was not carried out${quotedReason}`,
    expired: 'the earlier request expired',
  };
  return [`Resubmitted after ${how[outcome]}${permalink ? ` ${messageLink(permalink)}` : ''}`];
}
