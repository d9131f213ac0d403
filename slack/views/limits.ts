// Slack's limits on what is shown, as one table; the views cut to them.

export const limits = {
  /** Characters of the text of a section block: https://docs.slack.dev/reference/block-kit/blocks/section-block */
  sectionText: 3_000,
  /** Characters of a confirmation's text: https://docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object */
  confirmText: 300,
  /** Options of a select: https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element */
  selectOptions: 100,
  /** Characters of a reason for declining. Ours: what is longer is not read in a taxi. */
  reason: 500,
  /** Characters of a message's text when it is updated; posting takes more: https://docs.slack.dev/reference/methods/chat.update */
  messageText: 4_000,
} as const;

/** The text, cut with a mark where it is too long. Cut what is escaped already: an escape is never cut in half. */
export function truncate(text: string, most: number): string {
  if (text.length <= most) return text;
  const kept = text.slice(0, most - 1).replace(/&[a-z]{0,3}$|[\uD800-\uDBFF]$/, '');
  return `${kept}…`;
}
