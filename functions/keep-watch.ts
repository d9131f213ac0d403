// Behind the watch queue, every minute: goes through all that is not told to its end, and does what is due. A second run,
// a late one, or one after an hour of silence finds what is due then, and nothing else.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { type Approvals, approvalsTable } from '../aws/approvals-table.ts';
import { environment } from '../aws/environment.ts';
import { describeExecution, resumeTask, stopExecution } from '../aws/executions.ts';
import { log as toStdout } from '../aws/log.ts';
import { membersTable } from '../aws/members-table.ts';
import { type PeopleTable, peopleTable } from '../aws/people-table.ts';
import { failureFields, retryAfter } from '../bot/slack-refusal.ts';
import type { Absence } from '../domain/absence.ts';
import type { Approval } from '../domain/approval.ts';
import { climb } from './climb-ladder.ts';
import { lookingOnce } from './look-up-members.ts';
import { eachRecord } from './queue-records.ts';
import { refreshMembers } from './refresh-members.ts';
import { repair, type RepairDependencies } from './repair.ts';
import { slackClient } from './slack-client.ts';
import { putBackIntoQueue, withinRate } from './within-rate.ts';

export interface KeepWatchDependencies extends RepairDependencies {
  readonly approvals: Approvals;
  readonly people: Pick<PeopleTable, 'absences'>;
}

/** Something could not be done for some; the whole is tried again, and finds those. */
export class NotAllWatched extends Error {
  override readonly name = 'NotAllWatched';
}

export function keepWatch(dependencies: KeepWatchDependencies) {
  const { approvals, people, now, log } = dependencies;
  return async (): Promise<void> => {
    let out: Promise<readonly Absence[]> | undefined;
    const absences = () => (out ??= people.absences(now()));
    const once = { ...dependencies, absences, lookUp: lookingOnce(dependencies) };
    const failed: string[] = [];
    for await (const key of approvals.open()) {
      try {
        const approval = await approvals.get(key);
        if (approval) await watch(approval, once);
      } catch (error) {
        // Slack wants no more of it for now, from nobody.
        if (retryAfter(error) !== undefined) throw error;
        log('not_watched', { approval: key.id, ...failureFields(error) });
        failed.push(key.id);
      }
    }
    if (failed.length > 0) throw new NotAllWatched(`${failed.length} approvals could not be watched.`);
  };
}

type Watching = Parameters<typeof refreshMembers>[1] & KeepWatchDependencies;

/** In this order: who may approve must be known before they are reminded. */
async function watch(approval: Approval, watching: Watching): Promise<void> {
  if (await repair(approval, watching)) return;
  const refreshed = await refreshMembers(approval, watching);
  await climb(refreshed, watching);
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

export const handler = eachRecord(withinRate(work, putBackIntoQueue(), toStdout), toStdout);
