// The shapes of the text objects that blocks are made of: https://docs.slack.dev/reference/block-kit/composition-objects/text-object
// Used by whatever checks blocks, their input elements and views.
import { boolean, string, variants } from './validators.ts';
import type { Shape } from './validators.ts';

const plain = (longest: number) => ({
  plain_text: { required: ['text'], fields: { text: string(longest), emoji: boolean } },
});
const mrkdwn = (longest: number) => ({
  mrkdwn: { required: ['text'], fields: { text: string(longest), verbatim: boolean } },
});
export const plainText = (longest: number): Shape => variants(plain(longest));
export const anyText = (longest: number): Shape => variants({ ...plain(longest), ...mrkdwn(longest) });
