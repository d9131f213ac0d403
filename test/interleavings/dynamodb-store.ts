// An in-memory store for dynalite's actions. It answers synchronously, so each action is atomic, like a write of one
// item in DynamoDB. The in-process DynamoDB uses it.
import { Readable } from 'node:stream';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';

export type Item = Readonly<Record<string, AttributeValue>>;

/** Keys of a table, and of its indexes by their names. */
export interface TableKeys {
  readonly keys: readonly string[];
  readonly indexes?: Readonly<Record<string, readonly string[]>>;
}

export type Watch = (table: string, before: Item | undefined, after: Item) => void;

type Answer = (error: Error | null, item?: Item) => void;

interface Range {
  readonly gt?: string;
  readonly gte?: string;
  readonly lt?: string;
  readonly lte?: string;
}

export function createStore(tables: Readonly<Record<string, TableKeys>>, watch: Watch = () => {}) {
  const described = Object.fromEntries(
    Object.entries(tables).map(([name, keys]) => [name, describe(name, keys)]),
  );
  const kept = new Map<string, Map<string, Item>>();
  const itemsOf = (name: string) => kept.get(name) ?? kept.set(name, new Map()).get(name) ?? new Map();
  return {
    options: { maxItemSize: 400 * 1024 },
    getTable: (name: string, answer: (error: Error | null, table?: object) => void) =>
      described[name] ? answer(null, described[name]) : answer(new Error(`There is no table ${name}.`)),
    getItemDb: (name: string) => overMap(itemsOf(name), (before, after) => watch(name, before, after)),
    getIndexDb: (_type: string, table: string, index: string) => overMap(itemsOf(`${table}/${index}`)),
    items: (name: string): readonly Item[] => [...itemsOf(name).values()],
  };
}

/** One for all: to make an error costs more than to look. */
const notFound = Object.assign(new Error('not found'), { name: 'NotFoundError' });

function overMap(
  items: Map<string, Item>,
  watch: (before: Item | undefined, after: Item) => void = () => {},
) {
  return {
    get: (key: string, answer: Answer) => {
      const item = items.get(key);
      return item ? answer(null, item) : answer(notFound);
    },
    put: (key: string, item: Item, answer: Answer) => {
      watch(items.get(key), item);
      items.set(key, item);
      answer(null);
    },
    del: (key: string, answer: Answer) => {
      items.delete(key);
      answer(null);
    },
    // Nothing waits between reading and writing, so there is nothing to lock.
    lock: (_key: string, work: (release: (answer: Answer) => Answer) => void) => work((answer) => answer),
    createValueStream: (range: Range) =>
      streamed(
        [...items]
          .filter(([key]) => isWithin(key, range))
          .toSorted(([one], [other]) => (one < other ? -1 : 1))
          .map(([, item]) => item),
      ),
  };
}

/** All at once: a stream that is iterated takes twice as long. */
function streamed(values: readonly Item[]): Readable {
  return new Readable({
    objectMode: true,
    read() {
      for (const value of values) this.push(value);
      this.push(null);
    },
  });
}

function isWithin(key: string, { gt, gte, lt, lte }: Range): boolean {
  return (
    (gt === undefined || key > gt) &&
    (gte === undefined || key >= gte) &&
    (lt === undefined || key < lt) &&
    (lte === undefined || key <= lte)
  );
}

/** A table as dynalite keeps it. */
function describe(TableName: string, { keys, indexes = {} }: TableKeys): object {
  const attributes = new Set([...keys, ...Object.values(indexes).flat()]);
  return {
    TableName,
    AttributeDefinitions: [...attributes].map((AttributeName) => ({
      AttributeName,
      AttributeType: 'S',
    })),
    KeySchema: schema(keys),
    GlobalSecondaryIndexes: Object.entries(indexes).map(([IndexName, index]) => ({
      IndexName,
      KeySchema: schema(index),
      Projection: { ProjectionType: 'KEYS_ONLY' },
    })),
  };
}

function schema(keys: readonly string[]): readonly object[] {
  return keys.map((AttributeName, at) => ({ AttributeName, KeyType: at === 0 ? 'HASH' : 'RANGE' }));
}
