// Behind the watch queue, every minute: goes through all that is not told to its end, and does what is due. A second run,
// a late one, or one after an hour of silence finds what is due then, and nothing else.
import { type Approvals } from '../aws/approvals-table.ts';
import { type Lane, type Pace } from '../aws/rate-limiter-table.ts';
import { type PreferencesTable } from '../aws/preferences-table.ts';
import { failureFields, isOutage, slackErrorCode, retryAfter } from '../slack/slack-errors.ts';
import type { OutOfOffice } from '../domain/out-of-office.ts';
import type { Approval } from '../domain/approval.ts';
import { nextCheckAt } from '../domain/next-check.ts';
import { runEscalationStep } from './run-escalation-step.ts';
import { NotYet } from './rate-limiter.ts';
import { fetchOnce } from './fetch-approvers.ts';
import { secondsToWait } from './requeue.ts';
import { refreshApprovers } from './refresh-approvers.ts';
import {
  reconcileApproval,
  resyncMessage,
  type ReconcileApprovalDependencies,
} from './reconcile-approval.ts';
import { type BacklogDependencies, showBacklog } from './show-backlog.ts';

export interface ReconcileDependencies
  extends Omit<ReconcileApprovalDependencies, 'acquire'>, BacklogDependencies {
  readonly approvals: Approvals;
  readonly people: Pick<PreferencesTable, 'outOfOffice'>;
  readonly pace: Pace;
}

/** Something could not be done for some; the whole is tried again, and finds those. */
export class ReconcileIncomplete extends Error {
  override readonly name = 'NotAllWatched';
}

export function reconcile(dependencies: ReconcileDependencies) {
  const { approvals, now, log } = dependencies;
  return async (): Promise<void> => {
    const watching = once(dependencies);
    const failed: unknown[] = [];
    let waiting = 0;
    try {
      for await (const key of approvals.due(now())) {
        try {
          const approval = await approvals.get(key);
          if (approval && waitsForItsTurn(approval)) waiting += 1;
          if (approval) await watch(approval, watching);
        } catch (error) {
          if (!(error instanceof NotYet))
            log('approval_not_reconciled', { approval: key.id, ...failureFields(error) });
          watching.failed(error);
          failed.push(error);
        }
      }
      await showBacklog(waiting, watching);
    } catch (error) {
      log('reconcile_aborted', failureFields(error));
      failed.push(error);
    }
    // What passes by itself is looked at again in a minute.
    const lasting = failed.filter(
      (error) => !(error instanceof NotYet) && secondsToWait(error) === undefined,
    );
    if (lasting.length > 0)
      throw new ReconcileIncomplete(`${lasting.length} approvals could not be watched.`);
  };
}

function waitsForItsTurn({ status, ts }: Approval): boolean {
  return status === 'pending' && !ts;
}

/** What is asked once for all, and a Slack that is not asked any more once it is away, or wants no more. */
function once(dependencies: ReconcileDependencies) {
  const { people, slack, pace, now } = dependencies;
  let out: Promise<readonly OutOfOffice[]> | undefined;
  let away: unknown;
  const asLongAsItIsThere = async () => {
    if (away) throw away;
    return slack();
  };
  const reached = { ...dependencies, slack: asLongAsItIsThere };
  return {
    ...reached,
    acquire: async (lane: Lane) => {
      if (!(await pace.turn(lane, now(), 0))) throw new NotYet(lane.name, now().getTime());
    },
    outOfOffice: () => (out ??= people.outOfOffice(now())),
    fetchApprovers: fetchOnce(reached),
    failed: (error: unknown) => {
      // Of what it refuses by a word Slack may refuse this one alone.
      if (retryAfter(error) !== undefined || (isOutage(error) && !slackErrorCode(error))) away = error;
    },
  };
}

type Watching = Parameters<typeof refreshApprovers>[1] & ReconcileApprovalDependencies;

function lags({ ts, shownRevision, revision, result }: Approval): boolean {
  return ts !== undefined && shownRevision !== revision && !result;
}

/** In this order: who may approve must be known before they are reminded. */
async function watch(approval: Approval, watching: Watching): Promise<void> {
  const over = await reconcileApproval(approval, watching);
  const refreshed = over ? approval : await refreshApprovers(approval, watching);
  if (!over) await runEscalationStep(refreshed, watching);
  // Last: a message that waits for its turn keeps nothing else waiting.
  if (refreshed === approval && lags(approval)) await resyncMessage(approval, watching);
  // What was done about it moved it, and so it is looked at once more.
  const next = nextCheckAt(approval);
  if (refreshed === approval && next > watching.now().toISOString())
    await watching.approvals.scheduleNextCheck(approval, next);
}
