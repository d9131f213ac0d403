// Changes the record of an approval directly, as if its writer had stopped half way. Called by the stories of the
// reconciler.
import {
  type AttributeValue,
  DeleteItemCommand,
  DynamoDBClient,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { IMMEDIATELY } from '../../domain/next-check.ts';
import type { Cloud } from '../../local/cloud/index.ts';
import { BEN, operator } from './trading-desk.ts';

type Values = Readonly<Record<string, AttributeValue>>;

/** Decided by Ben, and never sent. */
export async function decideUnsent(cloud: Cloud, executionArn: string, at: string): Promise<void> {
  const decision = { M: { outcome: { S: 'approved' }, by: { S: BEN }, at: { S: at } } };
  await editApproval(
    cloud,
    executionArn,
    'SET #s = :approved, decision = :decision, votes.U0BEN = :vote, outstanding = :none, nextCheckAt = :atOnce, revision = revision + :one',
    {
      ':approved': { S: 'approved' },
      ':decision': decision,
      ':vote': { M: { at: { S: at } } },
      ':none': { N: '0' },
    },
  );
}

/** Cancelled by this person, and never stopped. */
export async function cancelUnstopped(
  cloud: Cloud,
  executionArn: string,
  by: string,
  at: string,
): Promise<void> {
  await editApproval(
    cloud,
    executionArn,
    'SET #s = :cancelled, cancellation = :by, nextCheckAt = :atOnce, revision = revision + :one',
    { ':cancelled': { S: 'cancelled' }, ':by': { M: { by: { S: by }, at: { S: at } } } },
  );
}

/** Its end is not known any more, nor that it was told. */
export async function forgetEnd(cloud: Cloud, executionArn: string): Promise<void> {
  await editApproval(
    cloud,
    executionArn,
    'SET #s = :pending, #o = :yes, nextCheckAt = :atOnce, revision = revision + :one REMOVE #r',
    {
      ':pending': { S: 'pending' },
      ':yes': { S: 'yes' },
    },
  );
  const dynamodb = new DynamoDBClient({ ...operator, endpoint: cloud.url });
  const TableName = cloud.outputs['ApprovalsTable'];
  const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName }));
  const completion = Items.find((item) => item['executionArn']?.S === executionArn && item['expiresAt']);
  if (!completion?.['execution'] || !completion['id']) throw new Error(`No end of ${executionArn} is known`);
  const Key = { execution: completion['execution'], id: completion['id'] };
  await dynamodb.send(new DeleteItemCommand({ TableName, Key }));
  dynamodb.destroy();
}

/** Stores the resubmission as if the bot crashed right after it. */
export async function recordResubmitted(cloud: Cloud, executionArn: string, by: string): Promise<void> {
  await editApproval(
    cloud,
    executionArn,
    'SET resubmitted = :by, #o = :yes, reopened = :true, nextCheckAt = :atOnce, revision = revision + :one',
    {
      ':by': { M: { by: { S: by }, at: { S: '2026-11-02T15:00:00.000Z' } } },
      ':yes': { S: 'yes' },
      ':true': { BOOL: true },
    },
  );
}

async function editApproval(
  { url, outputs }: Cloud,
  executionArn: string,
  UpdateExpression: string,
  values: Values,
): Promise<void> {
  const dynamodb = new DynamoDBClient({ ...operator, endpoint: url });
  const TableName = outputs['ApprovalsTable'];
  const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName }));
  const found = Items.find((item) => item['executionArn']?.S === executionArn && item['request']);
  const { execution, id } = found ?? {};
  if (!execution || !id) throw new Error(`Nothing was asked by ${executionArn}`);
  const names = { '#s': 'status', '#o': 'open', '#r': 'result' };
  const used = Object.entries(names).filter(([name]) => UpdateExpression.includes(name));
  await dynamodb.send(
    new UpdateItemCommand({
      TableName,
      Key: { execution, id },
      UpdateExpression,
      ExpressionAttributeNames: Object.fromEntries(used),
      ExpressionAttributeValues: { ...values, ':one': { N: '1' }, ':atOnce': { S: IMMEDIATELY } },
    }),
  );
  dynamodb.destroy();
}
