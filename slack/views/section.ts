// Section blocks with mrkdwn text. The views of messages, lists and Home build their texts with it.
import type { SectionBlock } from '@slack/types';
import { limits, truncate } from './limits.ts';

/** `verbatim` keeps Slack from turning text into links and mentions. */
export function section(text: string): SectionBlock {
  const shown = truncate(text, limits.sectionText);
  return { type: 'section', text: { type: 'mrkdwn', text: shown, verbatim: true } };
}

/** One block if the texts fit into it, otherwise one for each. */
export function sections(texts: readonly string[]): readonly SectionBlock[] {
  const all = texts.join('\n');
  return all.length <= limits.sectionText ? [section(all)] : texts.map(section);
}
