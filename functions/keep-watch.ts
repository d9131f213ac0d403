// Behind the watch queue, every minute: goes through all that is not told to its end, and does what is due. A second run,
// a late one, or one after an hour of silence finds what is due then, and nothing else.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { type Approvals, approvalsTable } from '../aws/approvals-table.ts';
import { backlogTable } from '../aws/backlog-table.ts';
import { environment } from '../aws/environment.ts';
import { describeExecution, resumeTask, stopExecution } from '../aws/executions.ts';
import { log as toStdout } from '../aws/log.ts';
import { membersTable } from '../aws/members-table.ts';
import { type Lane, type Pace, paceTable } from '../aws/pace-table.ts';
import { type PeopleTable, peopleTable } from '../aws/people-table.ts';
import { failureFields, isAway, refusedBySlack, retryAfter } from '../bot/slack-refusal.ts';
import type { Absence } from '../domain/absence.ts';
import type { Approval } from '../domain/approval.ts';
import { dueAt } from '../domain/due.ts';
import { climb } from './climb-ladder.ts';
import { NotYet } from './in-turn.ts';
import { lookingOnce } from './look-up-members.ts';
import { secondsToWait } from './put-back.ts';
import { eachRecord } from './queue-records.ts';
import { refreshMembers } from './refresh-members.ts';
import { repair, repairMessage, type RepairDependencies } from './repair.ts';
import { type BacklogDependencies, showBacklog } from './show-backlog.ts';
import { slackClient } from './slack-client.ts';

export interface KeepWatchDependencies extends Omit<RepairDependencies, 'inTurn'>, BacklogDependencies {
  readonly approvals: Approvals;
  readonly people: Pick<PeopleTable, 'absences'>;
  readonly pace: Pace;
}

/** Something could not be done for some; the whole is tried again, and finds those. */
export class NotAllWatched extends Error {
  override readonly name = 'NotAllWatched';
}

export function keepWatch(dependencies: KeepWatchDependencies) {
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
          if (!(error instanceof NotYet)) log('not_watched', { approval: key.id, ...failureFields(error) });
          watching.failed(error);
          failed.push(error);
        }
      }
      await showBacklog(waiting, watching);
    } catch (error) {
      log('watch_broken_off', failureFields(error));
      failed.push(error);
    }
    // What passes by itself is looked at again in a minute.
    const lasting = failed.filter(
      (error) => !(error instanceof NotYet) && secondsToWait(error) === undefined,
    );
    if (lasting.length > 0) throw new NotAllWatched(`${lasting.length} approvals could not be watched.`);
  };
}

function waitsForItsTurn({ status, ts }: Approval): boolean {
  return status === 'pending' && !ts;
}

/** What is asked once for all, and a Slack that is not asked any more once it is away, or wants no more. */
function once(dependencies: KeepWatchDependencies) {
  const { people, slack, pace, now } = dependencies;
  let out: Promise<readonly Absence[]> | undefined;
  let away: unknown;
  const asLongAsItIsThere = async () => {
    if (away) throw away;
    return slack();
  };
  const reached = { ...dependencies, slack: asLongAsItIsThere };
  return {
    ...reached,
    inTurn: async (lane: Lane) => {
      if (!(await pace.turn(lane, now(), 0))) throw new NotYet(lane.name, now().getTime());
    },
    absences: () => (out ??= people.absences(now())),
    lookUp: lookingOnce(reached),
    failed: (error: unknown) => {
      // Of what it refuses by a word Slack may refuse this one alone.
      if (retryAfter(error) !== undefined || (isAway(error) && !refusedBySlack(error))) away = error;
    },
  };
}

type Watching = Parameters<typeof refreshMembers>[1] & RepairDependencies;

function lags({ ts, shownRevision, revision, result }: Approval): boolean {
  return ts !== undefined && shownRevision !== revision && !result;
}

/** In this order: who may approve must be known before they are reminded. */
async function watch(approval: Approval, watching: Watching): Promise<void> {
  const over = await repair(approval, watching);
  const refreshed = over ? approval : await refreshMembers(approval, watching);
  if (!over) await climb(refreshed, watching);
  // Last: a message that waits for its turn keeps nothing else waiting.
  if (refreshed === approval && lags(approval)) await repairMessage(approval, watching);
  // What was done about it moved it, and so it is looked at once more.
  const next = dueAt(approval);
  if (refreshed === approval && next > watching.now().toISOString())
    await watching.approvals.putOff(approval, next);
}

const client = new DynamoDBClient();
const sfn = new SFNClient();
const sns = new SNSClient();
const table = environment('APPROVALS_TABLE');
const TopicArn = environment('RESULTS_TOPIC_ARN');
const work = keepWatch({
  approvals: approvalsTable(client, table),
  members: membersTable(client, table),
  people: peopleTable(client, table),
  pace: paceTable(client, table),
  backlogs: backlogTable(client, table),
  channel: environment('CHANNEL'),
  slack: slackClient(),
  executions: { resume: (taskToken, output) => resumeTask(sfn, taskToken, output) },
  describe: (executionArn) => describeExecution(sfn, executionArn),
  stop: (executionArn, cause) => stopExecution(sfn, executionArn, cause),
  publish: async (message) => {
    await sns.send(new PublishCommand({ TopicArn, Message: JSON.stringify(message) }));
  },
  now: () => new Date(),
  log: toStdout,
});

export const handler = eachRecord(work, toStdout);
