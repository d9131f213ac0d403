// Replaces the running stack with its next version. Tables, messages, secrets, objects and timers stay; executions keep the
// definition that they were started with. `Cloud.update` calls it.
import { isDeepStrictEqual } from 'node:util';
import { readAssembly } from './template/assembly.ts';
import type { Rules } from './services/eventbridge/event-rules.ts';
import type { CloudContext } from './core/context.ts';
import { asText, objectsAt, type JsonObject } from './core/json.ts';
import { NotSupported, readModel } from './template/model.ts';
import type { Model } from './template/resource-readers.ts';
import { noAddresses, type Endpoints } from './gateway/endpoints.ts';
import { conflicts, deployParameters, storedValue } from './services/ssm/parameters.ts';
import { createTable, remakeTable } from './services/dynamodb/tables.ts';

export async function update(
  folder: string,
  context: CloudContext,
  endpoints: Endpoints,
  rules: Rules,
): Promise<void> {
  const { model, state, clock, timers } = context;
  const assembly = readAssembly(folder);
  const stored = storedValue(state);
  const draft = readModel(assembly, noAddresses, stored);
  const findings = [...lost(model, draft), ...changed(model, draft), ...conflicts(draft.parameters, state)];
  if (findings.length > 0) throw new NotSupported(`update ${assembly.stackName}`, findings);
  await endpoints.open(draft.functionUrls);
  // The tables change before the model, so that new functions find their tables.
  await updateTables(endpoints.url, model, draft);
  Object.assign(model, readModel(assembly, endpoints.addresses, stored));
  deployParameters(context);
  rules.startSchedules();
  // Messages may be waiting in a queue whose function is new, so every queue is polled now.
  for (const { queueArn } of model.eventSources)
    timers.add({ due: clock.now(), kind: 'queue_polled', subject: queueArn });
}

function lost(before: Model, after: Model): readonly string[] {
  return before.lasting
    .filter((one) => !after.lasting.some((other) => isDeepStrictEqual(one, other)))
    .map(({ id, type, name }) => `${type} ${id} must stay, with the name ${name}`);
}

function changed(before: Model, after: Model): readonly string[] {
  return [...changedTables(before, after), ...unlocked(before, after)];
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-configure.html */
function unlocked(before: Model, after: Model): readonly string[] {
  return before.buckets
    .filter(({ hasObjectLock }) => hasObjectLock)
    .filter(({ name }) => after.buckets.some((one) => one.name === name && !one.hasObjectLock))
    .map(({ name }) => `bucket ${name}: Object Lock cannot be disabled`);
}

function changedTables(before: Model, after: Model): readonly string[] {
  return before.tables.flatMap((table) => {
    const next = named(table, after);
    if (!next) return [];
    const stays = (key: string) =>
      listAt(table, key).every((one) => listAt(next, key).some((other) => isDeepStrictEqual(one, other)));
    const hasSameKey = isDeepStrictEqual(table['KeySchema'], next['KeySchema']);
    const isKept = hasSameKey && stays('AttributeDefinitions') && stays('GlobalSecondaryIndexes');
    return isKept
      ? []
      : [`table ${asText(table['TableName'])}: its key and its indexes must stay as they are`];
  });
}

async function updateTables(endpoint: string, before: Model, after: Model): Promise<void> {
  for (const table of after.tables) {
    const present = named(table, before);
    const key = 'GlobalSecondaryIndexes';
    if (!present) await createTable(endpoint, table);
    else if (listAt(present, key).length < listAt(table, key).length) await remakeTable(endpoint, table);
  }
}

function named({ TableName }: JsonObject, { tables }: Model): JsonObject | undefined {
  return tables.find((table) => table['TableName'] === TableName);
}

function listAt(table: JsonObject, key: string): readonly JsonObject[] {
  return objectsAt(table, key, []);
}
