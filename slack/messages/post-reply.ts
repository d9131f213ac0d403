// Posts a reply to people about a pending approval, once: in its thread or, if Slack refuses that, in the channel, because
// the message may have been deleted. If the channel cannot be reached, these people get direct messages. The reconciler
// calls it for reminders and for delegates who joined.
import type { WebClient } from '@slack/web-api';
import type { Log } from '../../aws/log.ts';
import type { Approval } from '../../domain/approval.ts';
import { failureFields, isUnreachable } from '../slack-errors.ts';
import { withLink } from './permalink.ts';
import { MAX_DIRECT_MESSAGES, type Notice, postOnce, postToPerson } from './post-once.ts';

/**
 * Returns the `ts` of the reply, or of the first direct message. Throws Slack's error if nobody got the reply.
 * @param people Slack user ids of the people whom the reply addresses
 * @param possiblyPosted whether an earlier call may have posted the reply. If true, searches for it first.
 */
export async function postReply(
  approval: Approval,
  notice: Notice,
  people: readonly string[],
  possiblyPosted: boolean,
  slack: WebClient,
  log: Log,
): Promise<string> {
  const { channel, ts } = approval;
  const thread = ts === undefined ? [] : [{ channel, thread_ts: ts, reply_broadcast: false }];
  let refusal: unknown;
  for (const place of [...thread, { channel }])
    try {
      return await postOnce(place, notice, possiblyPosted, slack);
    } catch (error) {
      if (!isUnreachable(error)) throw error;
      refusal = error;
    }
  log('channel_unreachable', { execution: approval.execution, ...failureFields(refusal) });
  const direct = { ...notice, text: await withLink(notice.text, approval, slack) };
  const sent: string[] = [];
  for (const person of people.slice(0, MAX_DIRECT_MESSAGES)) {
    const sentTs = await postToPerson(person, direct, possiblyPosted, slack, log).catch((error: unknown) => {
      // A retry would repeat the messages of the others.
      log('person_unreachable', { person, ...failureFields(error) });
      return undefined;
    });
    sent.push(...(sentTs === undefined ? [] : [sentTs]));
  }
  const [first] = sent;
  if (first === undefined) throw refusal;
  return first;
}
