// Reads the item of an approval from the table as an operator. Called by stories that check or change the item.
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Cloud } from '../../local/cloud/index.ts';
import { operator } from './trading-desk.ts';

export async function storedApproval({ url, outputs }: Cloud, executionArn: string) {
  const dynamodb = new DynamoDBClient({ ...operator, endpoint: url });
  const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName: outputs['ApprovalsTable'] }));
  dynamodb.destroy();
  const found = Items.map((item) => unmarshall(item)).find((item) => item['executionArn'] === executionArn);
  if (!found) throw new Error(`No approval of ${executionArn}`);
  return found;
}
