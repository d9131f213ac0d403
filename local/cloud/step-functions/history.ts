// The history of an execution: writes each event in the shape of the API, and reads it for GetExecutionHistory. The
// interpreter writes, the operations read.
import { isObject, type Json, type JsonObject } from '../json.ts';
import { defined } from '../operations.ts';
import type { Execution, HistoryEvent } from '../state.ts';

export type Details = Readonly<Record<string, Json | undefined>>;

export function record(execution: Execution, now: number, type: string, details?: Details): number {
  const id = execution.history.length + 1;
  // The first state's entry follows nothing, as in Step Functions' own histories.
  const previousEventId = id <= 2 ? 0 : id - 1;
  const event: HistoryEvent = { id, previousEventId, timestamp: now, type };
  execution.history.push(
    details ? { ...event, [detailsMember(type)]: withTruncation(defined(details)) } : event,
  );
  return id;
}

function detailsMember(type: string): string {
  if (type.endsWith('StateEntered')) return 'stateEnteredEventDetails';
  if (type.endsWith('StateExited')) return 'stateExitedEventDetails';
  return `${type.charAt(0).toLowerCase()}${type.slice(1)}EventDetails`;
}

function withTruncation(details: JsonObject): JsonObject {
  const members = ['input', 'output'].filter((member) => member in details);
  return {
    ...details,
    ...Object.fromEntries(members.map((member) => [`${member}Details`, { truncated: false }])),
  };
}

export function shown(event: HistoryEvent, includeExecutionData: boolean): JsonObject {
  const timestamp = event.timestamp / 1000;
  if (includeExecutionData) return { ...event, timestamp };
  const members = Object.entries(event).map(([name, value]): [string, Json] => [
    name,
    isObject(value) ? withoutData(value) : value,
  ]);
  return { ...Object.fromEntries(members), timestamp };
}

function withoutData(details: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(details).filter(([name]) => !['input', 'output', 'parameters'].includes(name)),
  );
}
