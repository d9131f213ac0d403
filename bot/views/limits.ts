// Slack's limits on what is shown, as one table; the views cut to them.

export const limits = {
  /** Characters of the text of a section block: https://docs.slack.dev/reference/block-kit/blocks/section-block */
  sectionText: 3_000,
  /** Characters of one field of a section block, same page. */
  sectionField: 2_000,
  /** Fields of a section block, same page. */
  sectionFields: 10,
  /** Characters of a message's text when it is updated; posting takes more: https://docs.slack.dev/reference/methods/chat.update */
  messageText: 4_000,
} as const;

/** The text, cut with a mark where it is too long. Cut what is escaped already: an escape is never cut in half. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const kept = text.slice(0, most - 1).replace(/&[a-z]{0,3}$|[\uD800-\uDBFF]$/, '');
  return `${kept}…`;
}
