// Notifies one audience at most once, under a lease. relay-result and request-approval call it.
import type { Audience, Notifications } from '../aws/notifications.ts';
import { RetryLater } from '../aws/retry-later.ts';
import { definitelyNotExecuted } from '../slack/slack-errors.ts';

/** Another worker holds the lease to notify this audience. The lease expires within a minute. */
export class NotificationInProgress extends RetryLater {
  override readonly name = 'NotificationInProgress';
}

/** `notify` gets true if an earlier attempt may have posted the message. */
export async function notifyOnce<Subject>(
  audience: Audience,
  subject: Subject,
  notifications: Notifications<Subject>,
  now: () => Date,
  notify: (possiblyPosted: boolean) => Promise<void>,
): Promise<void> {
  const lease = await notifications.leaseNotification(subject, audience, now());
  if (lease === 'done') return;
  if (lease === 'held') throw new NotificationInProgress(`The ${audience} is being notified.`);
  try {
    await notify(lease === 'taken_over');
  } catch (error) {
    // A lease that was taken over is not released. Its earlier holder may have posted the message, and after a release
    // the next holder would post without searching for that message.
    if (lease === 'acquired' && definitelyNotExecuted(error))
      await notifications.releaseNotification(subject, audience);
    throw error;
  }
  await notifications.recordNotified(subject, audience);
}
