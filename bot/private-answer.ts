// A word to one person, through the response URL of what they pressed or typed: it reaches them wherever that was,
// the bot need not be a member there. Listeners answer with it once Slack has its answer.

/** Slack did not take a private answer, so the person heard nothing. */
class NotAnswered extends Error {
  override readonly name = 'NotAnswered';
}

/** A response URL is good for 30 minutes and five answers: https://docs.slack.dev/interactivity/handling-user-interaction */
export async function answerPrivately(responseUrl: string, text: string): Promise<void> {
  const answered = await fetch(responseUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify({ response_type: 'ephemeral', replace_original: false, text }),
  });
  if (!answered.ok) throw new NotAnswered(`Slack answered ${answered.status} to a private answer.`);
}
