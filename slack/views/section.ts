// Section, header and context blocks. The views of messages, lists and Home build their texts with them.
import type { ContextBlock, HeaderBlock, SectionBlock } from '@slack/types';
import { limits, truncate, truncatePlain } from './limits.ts';

/** `verbatim` keeps Slack from turning text into links and mentions. */
export function section(text: string): SectionBlock {
  return { type: 'section', text: mrkdwn(truncate(text, limits.sectionText)) };
}

/** One block if the texts fit into it, otherwise one for each. */
export function sections(texts: readonly string[]): readonly SectionBlock[] {
  const all = texts.join('\n');
  return all.length <= limits.sectionText ? [section(all)] : texts.map(section);
}

/** At most ten fields. Slack shows two in a row, and one in a row on a phone. */
export function fieldSection(fields: readonly string[]): SectionBlock {
  return { type: 'section', fields: fields.map((text) => mrkdwn(truncate(text, limits.fieldText))) };
}

/** @param text plain text, in which Slack shows emoji and formats nothing else */
export function header(text: string): HeaderBlock {
  return { type: 'header', text: { type: 'plain_text', text: truncatePlain(text, limits.headerText) } };
}

export function context(text: string): ContextBlock {
  return { type: 'context', elements: [mrkdwn(truncate(text, limits.sectionText))] };
}

function mrkdwn(text: string) {
  return { type: 'mrkdwn' as const, text, verbatim: true };
}
