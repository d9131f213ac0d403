// An in-process DynamoDB, fast enough for ten thousand interleavings: dynalite's own checks, parsers and actions with a
// store in memory and no server. `dynamodb.test.ts` compares it with dynalite.
import {
  ConditionalCheckFailedException,
  type PutItemCommandInput,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import getItem from 'dynalite/actions/getItem.js';
import putItem from 'dynalite/actions/putItem.js';
import query from 'dynalite/actions/query.js';
import updateItem from 'dynalite/actions/updateItem.js';
import { checkedInput, type Command } from './checked-input.ts';
import { createStore, type Item, type TableKeys, type Watch } from './dynamodb-store.ts';

/** One of dynalite's actions. */
export type Act = (store: object, input: object, answer: (error: unknown, output: object) => void) => void;

export interface InProcessDynamoDB {
  readonly send: (command: Command) => Promise<object>;
  /** Every item of a table, as it is now. */
  readonly items: (table: string) => readonly Item[];
}

const actions: Readonly<Record<string, Act>> = {
  GetItemCommand: getItem,
  PutItemCommand: putItem,
  QueryCommand: query,
  UpdateItemCommand: updateItem,
};

/** @param watch told of each write at the moment it happens */
export function inProcessDynamoDB(
  tables: Readonly<Record<string, TableKeys>>,
  watch?: Watch,
): InProcessDynamoDB {
  const store = createStore(tables, watch);
  const send = (command: Command) =>
    new Promise<object>((resolve, reject) => {
      const act = actions[command.constructor.name];
      if (!act) throw new Error(`There is no ${command.constructor.name} in this process.`);
      try {
        const input = checkedInput(command, store);
        act(store, input, (error, output) =>
          error ? reject(readable(error, command, store, tables)) : resolve(output),
        );
      } catch (error) {
        reject(readable(error, command, store, tables));
      }
    });
  return { send, items: store.items };
}

/** An error of dynalite as the client throws it, with the item that a condition refused where the command asks for it. */
function readable(
  error: unknown,
  { input }: Command,
  store: ReturnType<typeof createStore>,
  tables: Readonly<Record<string, TableKeys>>,
): unknown {
  if (!(error instanceof Error) || !('body' in error)) return error;
  const body = JSON.stringify(error.body);
  if (!body.includes('ConditionalCheckFailed')) return new Error(body);
  const refused = { message: error.message, $metadata: {} };
  if (!('ReturnValuesOnConditionCheckFailure' in input)) return new ConditionalCheckFailedException(refused);
  const { TableName = '', Key, Item: put } = input as UpdateItemCommandInput & Partial<PutItemCommandInput>;
  const given = Key ?? put ?? {};
  const Item = store
    .items(TableName)
    .find((item) => tables[TableName]?.keys.every((name) => item[name]?.S === given[name]?.S));
  return new ConditionalCheckFailedException({ ...refused, ...(Item && { Item }) });
}
