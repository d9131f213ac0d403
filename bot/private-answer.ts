// Sends a private answer to one person: through the response URL of their action, or by direct message. Listeners and
// `answer-errors.ts` call it. A response URL works in every conversation, even where the bot is not a member.
import type { WebClient } from '@slack/web-api';
import { slackFetch } from '../slack/slack-fetch.ts';
import type { View } from '../slack/views/approval-message.ts';

/** Slack refused a private answer, so the person did not get it. */
class NotAnswered extends Error {
  override readonly name = 'NotAnswered';
}

/**
 * A response URL accepts five answers within 30 minutes: https://docs.slack.dev/interactivity/handling-user-interaction
 */
export async function answerPrivately(responseUrl: string, content: string | View): Promise<void> {
  const response = await slackFetch(responseUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify({ response_type: 'ephemeral', replace_original: false, ...viewOf(content) }),
  });
  if (!response.ok) throw new NotAnswered(`Slack answered ${response.status} to a private answer.`);
}

/**
 * Answers through the response URL. If there is none, or if Slack refuses the answer, sends a direct message. A press
 * in Home has no response URL, and the URL may have expired before a modal is submitted.
 */
export async function answer(
  { by, responseUrl }: { readonly by: string; readonly responseUrl: string | undefined },
  content: string | View,
  slack: WebClient,
): Promise<void> {
  if (responseUrl && (await wasAnswered(responseUrl, content))) return;
  await slack.chat.postMessage({ channel: by, text: '', ...viewOf(content) });
}

async function wasAnswered(responseUrl: string, content: string | View): Promise<boolean> {
  try {
    await answerPrivately(responseUrl, content);
    return true;
  } catch (error) {
    if (error instanceof NotAnswered) return false;
    throw error;
  }
}

function viewOf(content: string | View): Partial<View> {
  return typeof content === 'string' ? { text: content } : content;
}
