// Tests the AWS endpoint of the local cloud: tables and secrets, and the requests it refuses.
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
} from '@aws-sdk/client-secrets-manager';
import { ListLayersCommand } from '@aws-sdk/client-lambda';
import { PublishCommand } from '@aws-sdk/client-sns';
import { ListQueuesCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { ref, startWorld } from '../../../support/small-stack.ts';

describe('AWS endpoint', () => {
  it('supports conditional writes to a table of the template', async () => {
    const { tables, cloud } = await startWorld({
      resources: {
        Ledger: {
          Type: 'AWS::DynamoDB::Table',
          Properties: {
            AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
            KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
            BillingMode: 'PAY_PER_REQUEST',
            PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
          },
        },
      },
      outputs: { Table: { Value: ref('Ledger') } },
    });
    const TableName = cloud.outputs['Table'];
    const put = (by: string) =>
      tables.send(
        new PutItemCommand({
          TableName,
          Item: { id: { S: '1' }, by: { S: by } },
          ConditionExpression: 'attribute_not_exists(id)',
        }),
      );
    await put('first');
    await expect(put('second')).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
    const { Item } = await tables.send(new GetItemCommand({ TableName, Key: { id: { S: '1' } } }));
    expect(Item?.['by']?.S).toBe('first');
  });

  it('serves the initial value of a secret and stores a new value by name', async () => {
    const { secrets } = await startWorld({
      resources: {
        Slack: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'app/slack', SecretString: '{}' } },
      },
    });
    const value = async (SecretId: string | undefined) =>
      (await secrets.send(new GetSecretValueCommand({ SecretId }))).SecretString;
    const { SecretList } = await secrets.send(new ListSecretsCommand({}));
    expect(SecretList?.map(({ Name }) => Name)).toEqual(['app/slack']);
    expect(await value('app/slack')).toBe('{}');
    await secrets.send(new PutSecretValueCommand({ SecretId: 'app/slack', SecretString: 'new' }));
    expect(await value(SecretList?.[0]?.ARN)).toBe('new');
    await expect(value('other')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('refuses an unsupported operation and lists the supported ones', async () => {
    const { queues, functions } = await startWorld({});
    const listed = functions.send(new ListLayersCommand({}));
    await expect(listed).rejects.toThrow('Supported: ListFunctions, GetFunctionUrlConfig');
    const asked = queues.send(new ReceiveMessageCommand({ QueueUrl: 'http://127.0.0.1/1/a' }));
    await expect(asked).rejects.toThrow('no AmazonSQS.ReceiveMessage. Supported: ListQueues');
  });

  it('refuses an unsupported request member and lists the supported ones', async () => {
    const { queues, topics } = await startWorld({});
    const asked = queues.send(new ListQueuesCommand({ QueueNamePrefix: 'a' }));
    await expect(asked).rejects.toThrow('Not supported by the local cloud: QueueNamePrefix');
    const published = topics.send(new PublishCommand({ TopicArn: 'a', Message: 'b', Subject: '<c>' }));
    await expect(published).rejects.toThrow('Subject. Supported: TopicArn, Message');
  });

  it('refuses a request that a web page sends', async () => {
    const { cloud } = await startWorld({});
    const headers = { origin: 'https://example.com', 'x-amz-target': 'AmazonSQS.ListQueues' };
    expect((await fetch(cloud.url, { method: 'POST', headers, body: '{}' })).status).toBe(403);
  });
});
