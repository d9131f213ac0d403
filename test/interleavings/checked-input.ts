// Checks the input of a request and parses its expressions, as dynalite's actions need it. Parsing costs more than the
// rest, so the result is cached for requests that differ in values only. Called by the in-process DynamoDB.
import getItem from 'dynalite/validations/getItem.js';
import validations from 'dynalite/validations/index.js';
import putItem from 'dynalite/validations/putItem.js';
import query from 'dynalite/validations/query.js';
import updateItem from 'dynalite/validations/updateItem.js';

/** What dynalite holds the input of an action to. */
export interface Checks {
  readonly types: object;
  readonly custom: object;
}

/** What is sent to a client, as far as it is read here. */
export interface Command {
  readonly input: Input;
}

type Values = Readonly<Record<string, object>>;

interface Input {
  readonly TableName?: string | undefined;
  readonly IndexName?: string | undefined;
  readonly UpdateExpression?: string | undefined;
  readonly ConditionExpression?: string | undefined;
  readonly KeyConditionExpression?: string | undefined;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
  readonly ExpressionAttributeValues?: Values | undefined;
}

/** What dynalite makes of the expressions. */
interface Parsed {
  readonly _updates?: unknown;
  readonly _condition?: unknown;
  readonly KeyConditions?: unknown;
}

const checks: Readonly<Record<string, Checks>> = {
  GetItemCommand: getItem,
  PutItemCommand: putItem,
  QueryCommand: query,
  UpdateItemCommand: updateItem,
};

/** By their shapes, with holes where the values stood. */
const parsed = new Map<string, Parsed>();

export function checkedInput(command: Command, store: object): object {
  const { input } = command;
  const shape = shapeOf(command);
  const known = parsed.get(shape);
  if (known) return { ...input, ...filled(known, input.ExpressionAttributeValues) };
  const checked = check(command, store);
  parsed.set(shape, withHoles(checked));
  return checked;
}

function check({ input, constructor }: Command, store: object): Input & Parsed {
  const { types, custom } = checks[constructor.name] ?? { types: {}, custom: {} };
  const checked = validations.checkTypes({ ...input }, types);
  validations.checkValidations(checked, types, custom, store);
  return checked;
}

/** All that tells what its expressions mean, but the values themselves. */
function shapeOf({ input, constructor }: Command): string {
  const { ExpressionAttributeNames: names, ExpressionAttributeValues: values = {} } = input;
  const types = Object.entries(values).flatMap(([name, value]) => [name, ...Object.keys(value)]);
  return JSON.stringify([
    constructor.name,
    input.TableName,
    input.IndexName,
    input.UpdateExpression,
    input.ConditionExpression,
    input.KeyConditionExpression,
    names,
    types,
  ]);
}

/** Where a value stood. */
class Hole {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

function withHoles({ ExpressionAttributeValues: values = {}, ...checked }: Input & Parsed): Parsed {
  const holes = new Map<unknown, Hole>(
    Object.entries(values).map(([name, value]) => [value, new Hole(name)]),
  );
  return copied(checked, (node) => holes.get(node));
}

/** A copy at that: the actions work in what they are given. */
function filled(known: Parsed, values: Values = {}): Parsed {
  return copied(known, (node) => (node instanceof Hole ? values[node.name] : undefined));
}

type Replace = (node: unknown) => unknown;

function copied({ _updates, _condition, KeyConditions }: Parsed, replace: Replace): Parsed {
  return {
    _updates: copy(_updates, replace),
    _condition: copy(_condition, replace),
    KeyConditions: copy(KeyConditions, replace),
  };
}

function copy(node: unknown, replace: Replace): unknown {
  if (typeof node !== 'object' || node === null) return node;
  const other = replace(node);
  if (other !== undefined) return other;
  if (Array.isArray(node)) return node.map((each) => copy(each, replace));
  const copies: Record<string, unknown> = {};
  for (const [name, each] of Object.entries(node)) copies[name] = copy(each, replace);
  return copies;
}
