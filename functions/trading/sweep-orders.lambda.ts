// The Lambda entry of Sweep Orders, behind the queue to which a schedule sends a message every minute.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { describeExecution } from '../../aws/executions.ts';
import { log } from '../../aws/log.ts';
import { tradingEnvironment } from '../../aws/trading/environment.ts';
import { reservations } from '../../aws/trading/reservations.ts';
import { ACCOUNT } from '../../domain/trading/trade-terms.ts';
import { createQueueHandler } from '../queue-handler.ts';
import { sweepOrders } from './sweep-orders.ts';

const sfn = new SFNClient();
const sqs = new SQSClient();
const QueueUrl = tradingEnvironment('ENDED_EXECUTIONS_QUEUE_URL');
const now = () => new Date();

export const handler = createQueueHandler({
  work: sweepOrders({
    reservations: reservations(new DynamoDBClient(), tradingEnvironment('LEDGER_TABLE'), ACCOUNT),
    describe: (executionArn) => describeExecution(sfn, executionArn),
    send: async (event) => {
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(event) }));
    },
    now,
    log,
  }),
  now,
  log,
});
