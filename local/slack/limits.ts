// Slack's limits as one table, each with the page of docs.slack.dev that states it.
// Asked by whatever checks what the app sends, and by whatever waits for the app.

export const limits = {
  // reference/methods/chat.postMessage
  text: 40_000,
  // reference/methods/chat.update (msg_too_long): an update takes a tenth of what posting takes
  updatedText: 4_000,
  // reference/block-kit/blocks
  blocks: 50,
  blockId: 255,
  // reference/block-kit/blocks/section-block
  sectionText: 3_000,
  fields: 10,
  fieldText: 2_000,
  // reference/block-kit/blocks/context-block, and composition-objects/text-object
  contextElements: 10,
  contextText: 3_000,
  // reference/block-kit/blocks/actions-block
  actionsElements: 25,
  // reference/block-kit/blocks/header-block
  headerText: 150,
  // reference/block-kit/block-elements/button-element
  buttonText: 75,
  buttonValue: 2_000,
  buttonUrl: 3_000,
  actionId: 255,
  // reference/block-kit/composition-objects/confirmation-dialog-object
  confirmTitle: 100,
  confirmText: 300,
  confirmAnswer: 30,
  // interactivity/implementing-slash-commands, interactivity/handling-user-interaction
  answerMilliseconds: 3_000,
  responseUrlUses: 5,
  responseUrlMilliseconds: 30 * 60_000,
} as const;
