// The Lambda entry of End Orders, behind the queue of ended executions.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { approvalsTable } from '../../aws/approvals-table.ts';
import { environment } from '../../aws/environment.ts';
import { describeExecution } from '../../aws/executions.ts';
import { log } from '../../aws/log.ts';
import { tradingEnvironment } from '../../aws/trading/environment.ts';
import { paperBroker } from '../../aws/trading/paper-broker.ts';
import { reservations } from '../../aws/trading/reservations.ts';
import { ACCOUNT } from '../../domain/trading/trade-terms.ts';
import { createQueueHandler } from '../queue-handler.ts';
import { requeueToSqs } from '../requeue.ts';
import { endOrders } from './end-orders.ts';

const client = new DynamoDBClient();
const sfn = new SFNClient();
const sns = new SNSClient();
const table = tradingEnvironment('LEDGER_TABLE');
const TopicArn = environment('RESULTS_TOPIC_ARN');
const now = () => new Date();

export const handler = createQueueHandler({
  work: endOrders({
    approvals: approvalsTable(client, environment('APPROVALS_TABLE')),
    broker: paperBroker(client, table, now),
    reservations: reservations(client, table, ACCOUNT),
    describe: (executionArn) => describeExecution(sfn, executionArn),
    publish: async (message) => {
      await sns.send(new PublishCommand({ TopicArn, Message: JSON.stringify(message) }));
    },
    now,
    log,
  }),
  requeue: requeueToSqs(),
  now,
  log,
});
