// DynamoDB: conditional writes, which every vote is, and the sparse index behind open approvals.
import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Aws } from '../aws.ts';
import { refusal, until } from '../calls.ts';
import { page, type Case } from '../case.ts';

const reference = (operation: string) => page(`amazondynamodb/latest/APIReference/API_${operation}.html`);

const TableNameOf = (aws: Aws) => aws.name('TableName');
const put = (aws: Aws, id: string, more: object = {}) =>
  aws.tables.send(
    new PutItemCommand({
      TableName: TableNameOf(aws),
      Item: { id: { S: id }, revision: { N: '1' } },
      ...more,
    }),
  );
const update = (aws: Aws, id: string, more: object) =>
  aws.tables.send(new UpdateItemCommand({ TableName: TableNameOf(aws), Key: { id: { S: id } }, ...more }));
const remove = (aws: Aws, id: string, more: object) =>
  aws.tables.send(new DeleteItemCommand({ TableName: TableNameOf(aws), Key: { id: { S: id } }, ...more }));

const isSecond = {
  ConditionExpression: 'revision = :two',
  ExpressionAttributeValues: { ':two': { N: '2' } },
};
const bump = { UpdateExpression: 'ADD revision :one' };
const returnsItem = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' };

/** The item that came with the refusal of a condition. */
async function itemRefusedWith(call: Promise<unknown>): Promise<unknown> {
  try {
    await call;
    return 'accepted';
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return error.Item ? unmarshall(error.Item) : 'no item';
  }
}

export const dynamodbCases: readonly Case[] = [
  {
    name: 'a write whose condition is not met is ConditionalCheckFailedException, and changes nothing',
    source: reference('UpdateItem'),
    async calls(aws) {
      const id = aws.unique('item');
      await put(aws, id);
      const values = { ':one': { N: '1' }, ':two': { N: '2' } };
      const code = await refusal(
        update(aws, id, { ...bump, ...isSecond, ExpressionAttributeValues: values }),
      );
      const get = new GetItemCommand({
        TableName: TableNameOf(aws),
        Key: { id: { S: id } },
        ConsistentRead: true,
      });
      return { code, revision: (await aws.tables.send(get)).Item?.['revision']?.N };
    },
    answer: { code: 'ConditionalCheckFailedException', revision: '1' },
  },
  {
    name: 'UpdateItem, PutItem and DeleteItem return the refused item with ALL_OLD, and no item by default',
    source: reference('UpdateItem'),
    async calls(aws) {
      const id = aws.unique('item');
      await put(aws, id);
      const values = { ':one': { N: '1' }, ':two': { N: '2' } };
      const updating = { ...bump, ...isSecond, ExpressionAttributeValues: values };
      const refused = [
        await itemRefusedWith(update(aws, id, { ...updating, ...returnsItem })),
        await itemRefusedWith(put(aws, id, { ...isSecond, ...returnsItem })),
        await itemRefusedWith(remove(aws, id, { ...isSecond, ...returnsItem })),
      ];
      return [
        ...refused.map((item) => Object(item).revision),
        await itemRefusedWith(update(aws, id, updating)),
      ];
    },
    answer: [1, 1, 1, 'no item'],
  },
  {
    name: 'a refused condition on an item that does not exist returns no item',
    source: reference('UpdateItem'),
    calls: (aws) => itemRefusedWith(remove(aws, aws.unique('item'), { ...isSecond, ...returnsItem })),
    answer: 'no item',
  },
  {
    name: 'of two puts with attribute_not_exists, the second is refused',
    source: reference('PutItem'),
    async calls(aws) {
      const id = aws.unique('item');
      const once = { ConditionExpression: 'attribute_not_exists(id)' };
      return [await refusal(put(aws, id, once)), await refusal(put(aws, id, once))];
    },
    answer: ['accepted', 'ConditionalCheckFailedException'],
  },
  {
    name: 'of ten simultaneous updates under one revision, one is accepted',
    source: page('amazondynamodb/latest/developerguide/WorkingWithItems.html'),
    async calls(aws) {
      const id = aws.unique('item');
      await put(aws, id);
      const attempt = () =>
        refusal(
          update(aws, id, {
            ...bump,
            ConditionExpression: 'revision = :one',
            ExpressionAttributeValues: { ':one': { N: '1' } },
          }),
        );
      const codes = await Promise.all(Array.from({ length: 10 }, attempt));
      return codes.filter((code) => code === 'accepted').length;
    },
    answer: 1,
  },
  {
    name: 'UpdateItem with ALL_NEW returns the item after the change, also to attributes in maps and lists',
    source: reference('UpdateItem'),
    async calls(aws) {
      const id = aws.unique('item');
      await put(aws, id, {
        Item: { id: { S: id }, votes: { M: {} }, history: { L: [] } },
      });
      const { Attributes = {} } = await update(aws, id, {
        UpdateExpression: 'SET votes.#who = :at, history = list_append(history, :entries)',
        ExpressionAttributeNames: { '#who': 'U0BEN' },
        ExpressionAttributeValues: { ':at': { S: 'now' }, ':entries': { L: [{ S: 'approved' }] } },
        ReturnValues: 'ALL_NEW',
      });
      const { id: _, ...rest } = unmarshall(Attributes);
      return rest;
    },
    answer: { votes: { U0BEN: 'now' }, history: ['approved'] },
  },
  {
    name: 'a path into a map that the item does not have is ValidationException',
    source: page('amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html'),
    async calls(aws) {
      const id = aws.unique('item');
      await put(aws, id);
      const values = { ExpressionAttributeValues: { ':at': { S: 'now' } } };
      return refusal(update(aws, id, { UpdateExpression: 'SET votes.U0BEN = :at', ...values }));
    },
    answer: 'ValidationException',
  },
  {
    name: 'an item of more than 400 KB is ValidationException',
    source: page('amazondynamodb/latest/developerguide/Constraints.html'),
    async calls(aws) {
      const id = aws.unique('item');
      return refusal(put(aws, id, { Item: { id: { S: id }, text: { S: 'x'.repeat(410_000) } } }));
    },
    answer: 'ValidationException',
  },
  {
    name: 'an index has the items that have its key, in the order of its sort key',
    source: page('amazondynamodb/latest/developerguide/bp-indexes-general-sparse-indexes.html'),
    async calls(aws) {
      const openIn = aws.unique('channel');
      const ids = ['b', 'a', 'c'].map((each) => `${openIn} ${each}`);
      for (const id of ids) await put(aws, id, { Item: { id: { S: id }, openIn: { S: openIn } } });
      await update(aws, ids[2] ?? '', { UpdateExpression: 'REMOVE openIn' });
      const query = new QueryCommand({
        TableName: TableNameOf(aws),
        IndexName: 'open',
        KeyConditionExpression: 'openIn = :open',
        ExpressionAttributeValues: { ':open': { S: openIn } },
      });
      // An index is eventually consistent.
      const found = await until(aws, 'two items in the index', async () => {
        const { Items = [] } = await aws.tables.send(query);
        return Items.length === 2 ? Items.map(({ id }) => id?.S?.at(-1)) : undefined;
      });
      return found;
    },
    answer: ['a', 'b'],
  },
];
