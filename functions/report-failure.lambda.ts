// The Lambda entry of report-failure, behind the failures queue.
import { SFNClient } from '@aws-sdk/client-sfn';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { environment } from '../aws/environment.ts';
import { describeExecution } from '../aws/executions.ts';
import { log } from '../aws/log.ts';
import { createQueueHandler } from './queue-handler.ts';
import { reportFailure } from './report-failure.ts';
import { requeueToSqs } from './requeue.ts';

const sfn = new SFNClient();
const sns = new SNSClient();
const TopicArn = environment('RESULTS_TOPIC_ARN');

export const handler = createQueueHandler({
  work: reportFailure({
    describe: (executionArn) => describeExecution(sfn, executionArn),
    publish: async (message) => {
      await sns.send(new PublishCommand({ TopicArn, Message: JSON.stringify(message) }));
    },
    log,
  }),
  requeue: requeueToSqs(),
  now: () => new Date(),
  log,
});
