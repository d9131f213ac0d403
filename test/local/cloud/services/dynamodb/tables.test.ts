// Tests the tables of the local cloud: their indexes, stored tables, and the features that are refused.
import {
  DeleteTableCommand,
  ListTablesCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { JsonObject } from '../../../../../local/cloud/core/json.ts';
import { createMissing, createTables } from '../../../../../local/cloud/services/dynamodb/tables.ts';
import { startWorld } from '../../../../support/small-stack.ts';

const indexed = (...indexes: readonly object[]) => ({
  Approvals: {
    Type: 'AWS::DynamoDB::Table',
    Properties: {
      TableName: 'approvals',
      AttributeDefinitions: ['id', 'open', 'deadline'].map((AttributeName) => ({
        AttributeName,
        AttributeType: 'S',
      })),
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      GlobalSecondaryIndexes: indexes,
      BillingMode: 'PAY_PER_REQUEST',
    },
  },
});
const index = (IndexName: string, Projection: object) => ({
  IndexName,
  KeySchema: [
    { AttributeName: 'open', KeyType: 'HASH' },
    { AttributeName: 'deadline', KeyType: 'RANGE' },
  ],
  Projection,
});

describe('tables', () => {
  it('cannot be deleted while the template protects them', async () => {
    const { tables } = await startWorld({
      resources: {
        ...indexed(index('keys', { ProjectionType: 'KEYS_ONLY' })),
        Kept: {
          Type: 'AWS::DynamoDB::Table',
          Properties: {
            TableName: 'kept',
            AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
            KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
            BillingMode: 'PAY_PER_REQUEST',
            DeletionProtectionEnabled: true,
          },
        },
      },
    });
    await expect(tables.send(new DeleteTableCommand({ TableName: 'kept' }))).rejects.toThrow(
      'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
    );
    await tables.send(new DeleteTableCommand({ TableName: 'approvals' }));
    const { TableNames } = await tables.send(new ListTablesCommand({}));
    expect(TableNames).toContain('kept');
  });

  it('keep the items with the keys of an index in order, with its projection', async () => {
    const { tables } = await startWorld({
      resources: indexed(
        index('whole', { ProjectionType: 'ALL' }),
        index('keys', { ProjectionType: 'KEYS_ONLY' }),
        index('some', { ProjectionType: 'INCLUDE', NonKeyAttributes: ['title'] }),
      ),
    });
    const item = { open: { S: 'yes' }, title: { S: 'Buy' }, token: { S: 'secret' } };
    const put = (id: string, more: object) =>
      tables.send(new PutItemCommand({ TableName: 'approvals', Item: { id: { S: id }, ...more } }));
    await put('late', { ...item, deadline: { S: '2027' } });
    await put('soon', { ...item, deadline: { S: '2026' } });
    await put('decided', { title: { S: 'Sell' }, deadline: { S: '2026' } });
    const found = async (IndexName: string) => {
      const { Items } = await tables.send(
        new QueryCommand({
          TableName: 'approvals',
          IndexName,
          KeyConditionExpression: '#open = :yes AND deadline < :now',
          ExpressionAttributeNames: { '#open': 'open' },
          ExpressionAttributeValues: { ':yes': { S: 'yes' }, ':now': { S: '2028' } },
        }),
      );
      return Items?.map((one) => [one['id']?.S, Object.keys(one).toSorted().join(' ')]);
    };
    const each = (names: string) => ['soon', 'late'].map((id) => [id, names]);
    expect(await found('whole')).toEqual(each('deadline id open title token'));
    expect(await found('keys')).toEqual(each('deadline id open'));
    expect(await found('some')).toEqual(each('deadline id open title'));
    await put('soon', { title: { S: 'Buy' }, deadline: { S: '2026' } });
    expect(await found('keys')).toEqual([['late', 'deadline id open']]);
    await expect(found('other')).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('refuse an unsupported index property at startup', async () => {
    const wrong = { ...index('whole', { ProjectionType: 'ALL' }), WarmThroughput: {} };
    await expect(startWorld({ resources: indexed(wrong) })).rejects.toThrow(
      'WarmThroughput of an index is not supported',
    );
  });

  it('refuse transactions', async () => {
    const { tables } = await startWorld({ resources: indexed(index('whole', { ProjectionType: 'ALL' })) });
    await expect(tables.send(new TransactWriteItemsCommand({ TransactItems: [] }))).rejects.toMatchObject({
      name: 'UnknownOperationException',
    });
  });

  it('keep stored items, and report a table whose keys changed', async () => {
    const server = createTables();
    onTestFinished(() => void server.close());
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
    const [whole, keys] = [
      index('whole', { ProjectionType: 'ALL' }),
      index('keys', { ProjectionType: 'ALL' }),
    ];
    const table = (...indexes: readonly object[]): JsonObject =>
      JSON.parse(JSON.stringify(indexed(...indexes).Approvals.Properties));
    expect(await createMissing(url, [table(whole, keys)])).toBeUndefined();
    const more = { ...table(keys), TableName: 'more' };
    expect(await createMissing(url, [table(keys, whole), more])).toBeUndefined();
    const refusal = "has a table approvals that differs from the stack's";
    expect(await createMissing(url, [table(keys)])).toBe(refusal);
  });
});
