// Reads parameters of Systems Manager, and caches them. The functions that request approvals and relay results read the
// named policies, and which state machine may use which.
import {
  GetParameterCommand,
  paginateGetParametersByPath,
  type Parameter as StoredParameter,
  ParameterNotFound,
  type SSMClient,
} from '@aws-sdk/client-ssm';

export interface Parameter {
  readonly name: string;
  readonly value: string;
  /** Incremented with each change of the value. */
  readonly version: number;
}

export interface Parameters {
  /** Returns undefined if there is no such parameter. */
  get(name: string): Promise<Parameter | undefined>;
  /** All parameters whose names begin with the path and a slash. */
  under(path: string): Promise<readonly Parameter[]>;
}

/** For how long a parameter is cached. A change takes effect after this time at the latest. */
const TTL_MS = 60_000;

export function parameters(client: SSMClient, now: () => Date): Parameters {
  const get = cached(now, async (Name: string) => {
    try {
      const { Parameter } = await client.send(new GetParameterCommand({ Name }));
      return Parameter && toParameter(Parameter);
    } catch (error) {
      if (error instanceof ParameterNotFound) return undefined;
      throw error;
    }
  });
  const under = cached(now, async (Path: string) => {
    const found: Parameter[] = [];
    for await (const { Parameters = [] } of paginateGetParametersByPath({ client }, { Path }))
      found.push(...Parameters.map(toParameter));
    return found.length > 0 ? found : undefined;
  });
  return { get, under: async (path) => (await under(path)) ?? [] };
}

/** Caches what was found. What was not found may be created at any moment, so it is looked up each time. */
function cached<Found>(
  now: () => Date,
  read: (name: string) => Promise<Found | undefined>,
): (name: string) => Promise<Found | undefined> {
  const entries = new Map<string, { readonly found: Found; readonly at: number }>();
  return async (name) => {
    const at = now().getTime();
    const entry = entries.get(name);
    if (entry && at - entry.at < TTL_MS) return entry.found;
    const found = await read(name);
    if (found === undefined) entries.delete(name);
    else entries.set(name, { found, at });
    return found;
  };
}

function toParameter({ Name = '', Value = '', Version = 0 }: StoredParameter): Parameter {
  return { name: Name, value: Value, version: Version };
}
