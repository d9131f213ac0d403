// A DynamoDB in this process, fast enough for ten thousand interleavings: dynalite's own checks, parsers and actions,
// over maps instead of its store and its server. The world of the interleavings has one; `dynamodb.test.ts` holds it
// against dynalite itself.
import { type AttributeValue, ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import getItem from 'dynalite/actions/getItem.js';
import putItem from 'dynalite/actions/putItem.js';
import query from 'dynalite/actions/query.js';
import updateItem from 'dynalite/actions/updateItem.js';
import getItemChecks from 'dynalite/validations/getItem.js';
import validations from 'dynalite/validations/index.js';
import putItemChecks from 'dynalite/validations/putItem.js';
import queryChecks from 'dynalite/validations/query.js';
import updateItemChecks from 'dynalite/validations/updateItem.js';
import { createStore, type TableKeys, type Watch } from './dynamodb-store.ts';

export type Item = Readonly<Record<string, AttributeValue>>;

/** One of dynalite's actions. */
export type Act = (store: object, input: object, answer: (error: unknown, output: object) => void) => void;

/** What dynalite holds the input of an action to. */
export interface Checks {
  readonly types: object;
  readonly custom: object;
}

/** What is sent to a client, as far as it is read here. */
export interface Command {
  readonly input: object;
}

export interface InProcessDynamoDB {
  send(command: Command): Promise<object>;
  /** Every item of a table, as it is now. */
  items(table: string): readonly Item[];
}

const operations: Readonly<Record<string, readonly [Act, Checks]>> = {
  GetItemCommand: [getItem, getItemChecks],
  PutItemCommand: [putItem, putItemChecks],
  QueryCommand: [query, queryChecks],
  UpdateItemCommand: [updateItem, updateItemChecks],
};

/** @param watch told of each write at the moment it happens */
export function inProcessDynamoDB(
  tables: Readonly<Record<string, TableKeys>>,
  watch?: Watch,
): InProcessDynamoDB {
  const store = createStore(tables, watch);
  const send = (command: Command) =>
    new Promise<object>((resolve, reject) => {
      const operation = operations[command.constructor.name];
      if (!operation) throw new Error(`There is no ${command.constructor.name} in this process.`);
      const [act, { types, custom }] = operation;
      try {
        const input = validations.checkTypes({ ...command.input }, types);
        validations.checkValidations(input, types, custom, store);
        act(store, input, (error, output) => (error ? reject(readable(error)) : resolve(output)));
      } catch (error) {
        reject(readable(error));
      }
    });
  return { send, items: store.items };
}

/** An error of dynalite as the client throws it. */
function readable(error: unknown): unknown {
  if (!(error instanceof Error) || !('body' in error)) return error;
  const body = JSON.stringify(error.body);
  if (!body.includes('ConditionalCheckFailed')) return new Error(body);
  return new ConditionalCheckFailedException({ message: error.message, $metadata: {} });
}
