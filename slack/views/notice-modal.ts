// A modal that only shows a text. The listener of the Decline button shows it if the approval cannot be declined any
// more.
import type { ModalView } from '@slack/types';
import { truncate, limits } from './limits.ts';

export function noticeModal(title: string, text: string): ModalView {
  return {
    type: 'modal',
    title: { type: 'plain_text', text: title },
    close: { type: 'plain_text', text: 'Close' },
    blocks: [{ type: 'section', text: { type: 'mrkdwn', text: truncate(text, limits.sectionText) } }],
  };
}
