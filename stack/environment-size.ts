// Refuses settings with which a function's environment variables would be larger than Lambda allows. Each
// `BundledFunction` calls it at synthesis.
import { Stack } from 'aws-cdk-lib';
import { CfnPolicy } from 'aws-cdk-lib/aws-iam';
import type { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { InvalidSetting } from './invalid-setting.ts';

/**
 * Size of all variables as one JSON text: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 * Lambda's error for a larger environment contains the JSON text that it measured:
 * https://github.com/github-aws-runners/terraform-aws-github-runner/issues/3594
 */
const MAX_BYTES = 4_096;

/** The remedy for too many state machines. */
const BY_PATTERN = "Allow state machines by their names: approvals.addStateMachines({ match: 'approve-*' }).";

/** The error names the settings of variables of at least this size. */
const LARGE_BYTES = 500;

/**
 * Variable → the settings that it contains. All other variables have the name of their setting: `CONFIRM_FROM_USD`
 * contains `confirmFromUsd`.
 */
const SETTINGS: Readonly<Record<string, readonly string[]>> = {
  APPROVERS: ['policies'],
  PEOPLE_RULES: ['policies'],
  STATE_MACHINE_ARNS: [],
};

/** @throws InvalidSetting if the environment is too large */
export function checkEnvironmentSize(name: string, resource: CfnFunction): void {
  const stack = Stack.of(resource);
  const { variables = {} } = stack.resolve(resource.environment) ?? {};
  const longest: Readonly<Record<string, string>> = Object.fromEntries(
    Object.entries(variables).map(([variable, value]) => [variable, longestText(value, stack.stackName)]),
  );
  const size = bytesOf(JSON.stringify(longest));
  if (size <= MAX_BYTES) return;
  const machines = longest['STATE_MACHINE_ARNS'] ?? '';
  if (bytesOf(machines) >= LARGE_BYTES && size - bytesOf(machines) <= MAX_BYTES)
    throw new InvalidSetting(
      `Function ${name} would have environment variables of up to ${size} bytes, and Lambda allows ${MAX_BYTES}, because of ${machines.split(',').length} state machines. ${BY_PATTERN}`,
    );
  const large = Object.keys(longest).filter((variable) => bytesOf(longest[variable] ?? '') >= LARGE_BYTES);
  const settings = new Set(large.flatMap((variable) => SETTINGS[variable] ?? [settingOf(variable)]));
  const named = [...settings].map((setting) => `"${setting}"`).join(', ');
  throw new InvalidSetting(
    `The settings ${named} are too long: function ${name} would have environment variables of up to ${size} bytes, and Lambda allows ${MAX_BYTES}. Name user groups such as S0614TZR7 in place of user ids, use fewer tiers, or shorten a list.`,
  );
}

/**
 * Returns a text as long as the value can become in a deployment. CloudFormation generates names from the names of the
 * stack and the resource and 13 characters, and truncates them:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html
 * The rest of an ARN or a URL has fewer than 100 characters.
 */
export function longestText(value: unknown, stackName: string): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const [[name, given] = ['', '']] = Object.entries(value);
  const pseudo = name === 'Ref' ? PSEUDO_PARAMETERS[given] : undefined;
  if (pseudo !== undefined) return '?'.repeat(pseudo);
  if (name === 'Fn::Join')
    return given[1].map((part: unknown) => longestText(part, stackName)).join(given[0]);
  return '?'.repeat(stackName.length + String(given).length + 113);
}

/** Lengths that no name of a partition or region exceeds. */
const PSEUDO_PARAMETERS: Readonly<Record<string, number>> = {
  'AWS::AccountId': 12,
  'AWS::Partition': 15,
  'AWS::Region': 20,
};

/** A role's inline policies together, without white space: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const MAX_POLICY_CHARACTERS = 10_240;

/** @throws InvalidSetting if the inline policies of a function's role are too large */
export function checkPolicySize(name: string, parts: readonly IConstruct[]): void {
  const policies = parts.flatMap((part) => part.node.findAll()).filter((each) => each instanceof CfnPolicy);
  const size = policies.map(sizeOf).reduce((sum, each) => sum + each, 0);
  if (size <= MAX_POLICY_CHARACTERS) return;
  throw new InvalidSetting(
    `The role of function ${name} would have policies of up to ${size} characters, and IAM allows ${MAX_POLICY_CHARACTERS}. ${BY_PATTERN}`,
  );
}

function sizeOf(policy: CfnPolicy): number {
  const stack = Stack.of(policy);
  const isReference = (value: unknown) => /^{"(Ref|Fn::\w+)":/.test(JSON.stringify(value) ?? '');
  return JSON.stringify(stack.resolve(policy.policyDocument), (_, value: unknown) =>
    isReference(value) ? longestText(value, stack.stackName) : value,
  ).length;
}

function settingOf(variable: string): string {
  return variable.toLowerCase().replaceAll(/_./g, (letter) => letter.slice(1).toUpperCase());
}

function bytesOf(text: string): number {
  return Buffer.byteLength(text);
}
