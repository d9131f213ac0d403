// Slack's limits for texts and selects. The views truncate their texts to these limits.

export const limits = {
  /** Characters in the text of a section block: https://docs.slack.dev/reference/block-kit/blocks/section-block */
  sectionText: 3_000,
  /** Characters in one field of a section block. */
  fieldText: 2_000,
  /** Fields of a section block. */
  fields: 10,
  /** Characters in a header block: https://docs.slack.dev/reference/block-kit/blocks/header-block */
  headerText: 150,
  /**
   * Characters in the text of a confirmation dialog:
   * https://docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object
   */
  confirmText: 300,
  /** Characters on a button of that dialog. */
  confirmLabel: 30,
  /** Characters on a button: https://docs.slack.dev/reference/block-kit/block-elements/button-element */
  buttonLabel: 75,
  /**
   * Characters of one approval in a list, so that ten of them stay below `listText`. Slack gives no limit for all blocks
   * of a message together, so both limits are our own.
   */
  listItem: 1_100,
  listText: 12_000,
  /**
   * Characters of a chart's title and unit, and of its labels and names:
   * https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block
   */
  chartTitle: 50,
  chartLabel: 20,
  /** Bytes of a modal or Home: https://docs.slack.dev/reference/methods/views.publish */
  viewBytes: 250_000,
  /** Options of a select: https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element */
  selectOptions: 100,
  /** Characters in a reason. This limit is our own, because people read reasons on a phone. */
  reason: 500,
  /**
   * Characters in the text of an updated message. A posted message may have more:
   * https://docs.slack.dev/reference/methods/chat.update
   */
  messageText: 4_000,
} as const;

/** Shortens a plain text that is too long, and appends `…`. */
export function truncatePlain(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  return `${text.slice(0, maxLength - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/**
 * Shortens an escaped text that is too long, and appends `…`. Never leaves a part of an escape such as `&amp;`, of a
 * mention, of a link or of a time.
 */
export function truncate(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const start = text.slice(0, maxLength - 1).replace(/<[^>]*$|&[a-z]{0,3}$|[\uD800-\uDBFF]$/, '');
  return `${start}…`;
}
