// A modal that only tells: what a person hears in place of a form that makes no sense any more. The listener of
// Decline shows it when the approval is over.
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
