// Reads the named policies, and which state machine may use which of them. request-approval and relay-result call it.
// The stack stores both in parameters.
import * as v from 'valibot';
import { isAllowed } from '../aws/executions.ts';
import { machineParameter, patternsPath, policyParameter } from '../aws/names/parameters.ts';
import type { Parameter, Parameters } from '../aws/parameters.ts';
import type { NamedPolicy } from '../domain/policy.ts';
import { InvalidInput, parse } from './parse.ts';

/** What a state machine may do. */
export interface Machine {
  /** Names of the policies that its states may name. At least one. */
  readonly policies: readonly [string, ...string[]];
  /** True if the workflow publishes how its failed executions ended. */
  readonly ownFailures: boolean;
}

export interface NamedPolicies {
  /** Returns undefined if the state machine may not request approval. */
  machine(stateMachineArn: string): Promise<Machine | undefined>;
  /** Returns undefined if there is no policy of this name. */
  policy(name: string): Promise<NamedPolicy | undefined>;
}

/** Somebody wrote a parameter that is no policy, or no entry of a state machine. */
export class InvalidParameter extends Error {
  override readonly name = 'InvalidParameter';
}

const slackIds = v.array(v.pipe(v.string(), v.regex(/^[UWS][A-Z0-9]{2,}$/)));
const fraction = v.pipe(v.number(), v.gtValue(0), v.ltValue(1));
const count = v.pipe(v.number(), v.integer(), v.minValue(1));

const policySettings = v.object({
  channel: v.pipe(v.string(), v.regex(/^[CG][A-Z0-9]{2,}$/)),
  approvers: v.pipe(slackIds, v.nonEmpty()),
  tiers: v.pipe(
    v.array(
      v.object({
        upToUsd: v.pipe(v.number(), v.gtValue(0)),
        approvals: count,
        approvers: v.optional(v.pipe(slackIds, v.nonEmpty())),
      }),
    ),
    v.nonEmpty(),
    v.check((tiers) => tiers.every(({ upToUsd }, index) => upToUsd > (tiers[index - 1]?.upToUsd ?? 0))),
  ),
  escalation: v.object({
    remindAt: v.optional(fraction),
    escalateAt: v.optional(fraction),
    escalateTo: slackIds,
  }),
  confirmFromUsd: v.pipe(v.number(), v.minValue(0)),
  delegates: v.union([v.literal('anyone'), slackIds]),
  broadcast: v.array(v.string()),
  labels: v.optional(v.object({ approve: v.optional(v.string()), decline: v.optional(v.string()) })),
});

const machineEntry = v.object({
  stateMachineArn: v.string(),
  policies: v.tupleWithRest([v.string()], v.string()),
  ownFailures: v.optional(v.boolean(), false),
});

/** @param path under which the stack stores its parameters */
export function namedPolicies(parameters: Parameters, path: string): NamedPolicies {
  return {
    async machine(stateMachineArn) {
      const own = await parameters.get(machineParameter(path, stateMachineArn.split(':')[6] ?? ''));
      const entries = own ? [own] : await parameters.under(patternsPath(path));
      const matching = entries
        .map((parameter) => read(machineEntry, parameter))
        .filter((entry) => isAllowed(stateMachineArn, [entry.stateMachineArn]));
      const [first] = matching;
      if (!first) return undefined;
      const [policy, ...others] = new Set(matching.flatMap(({ policies }) => policies));
      return {
        policies: [policy ?? first.policies[0], ...others],
        ownFailures: matching.some(({ ownFailures }) => ownFailures),
      };
    },

    async policy(name) {
      const stored = await parameters.get(policyParameter(path, name));
      return stored && { ...read(policySettings, stored), name, version: stored.version };
    },
  };
}

function read<Schema extends v.GenericSchema>(
  schema: Schema,
  { name, value }: Parameter,
): v.InferOutput<Schema> {
  try {
    return parse(schema, JSON.parse(value));
  } catch (error) {
    if (!(error instanceof InvalidInput || error instanceof SyntaxError)) throw error;
    throw new InvalidParameter(
      `The parameter ${name} is invalid: ${error.message} Write back its value in the stack's template, with aws ssm put-parameter --overwrite.`,
    );
  }
}
