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
  // reference/views/modal-views, reference/views/home-tab-views
  viewBlocks: 100,
  viewTitle: 24,
  callbackId: 255,
  privateMetadata: 3_000,
  // reference/methods/views.open, reference/methods/views.publish (view_too_large)
  viewBytes: 250_000,
  // reference/block-kit/blocks/input-block
  inputLabel: 2_000,
  inputHint: 2_000,
  // reference/block-kit/block-elements/plain-text-input-element
  inputText: 3_000,
  placeholder: 150,
  // reference/block-kit/block-elements/select-menu-element, composition-objects/option-object
  options: 100,
  optionText: 75,
  optionValue: 150,
  optionDescription: 75,
  // reference/methods/conversations.history
  historyPage: 999,
  // reference/block-kit/block-elements/checkboxes-element
  checkboxes: 10,
  // surfaces/modals (a trigger_id)
  triggerMilliseconds: 3_000,
  // interactivity/implementing-slash-commands, interactivity/handling-user-interaction
  answerMilliseconds: 3_000,
  responseUrlUses: 5,
  responseUrlMilliseconds: 30 * 60_000,
} as const;
