// A word to one person, through the response URL of what they pressed or typed: it reaches them wherever that was,
// the bot need not be a member there. Listeners answer with it once Slack has its answer.
import type { WebClient } from '@slack/web-api';
import { slackFetch } from '../slack/slack-fetch.ts';
import type { View } from '../slack/views/approval-message.ts';

/** Slack did not take a private answer, so the person heard nothing. */
class NotAnswered extends Error {
  override readonly name = 'NotAnswered';
}

/** A response URL is good for 30 minutes and five answers: https://docs.slack.dev/interactivity/handling-user-interaction */
export async function answerPrivately(responseUrl: string, said: string | View): Promise<void> {
  const answered = await slackFetch(responseUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify({ response_type: 'ephemeral', replace_original: false, ...viewOf(said) }),
  });
  if (!answered.ok) throw new NotAnswered(`Slack answered ${answered.status} to a private answer.`);
}

/**
 * Through the response URL where there is one that is still good; what is pressed in Home has none, and a modal may be
 * submitted long after its press: they are answered by a direct message.
 */
export async function answer(
  { by, responseUrl }: { readonly by: string; readonly responseUrl: string | undefined },
  said: string | View,
  slack: WebClient,
): Promise<void> {
  if (responseUrl && (await isAnswered(responseUrl, said))) return;
  await slack.chat.postMessage({ channel: by, text: '', ...viewOf(said) });
}

async function isAnswered(responseUrl: string, said: string | View): Promise<boolean> {
  try {
    await answerPrivately(responseUrl, said);
    return true;
  } catch (error) {
    if (error instanceof NotAnswered) return false;
    throw error;
  }
}

function viewOf(said: string | View): Partial<View> {
  return typeof said === 'string' ? { text: said } : said;
}
