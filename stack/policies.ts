// The named policies of an instance of `SlackApprovals`, each in a parameter of Systems Manager, so that a change of a
// policy changes no function. The functions store the policy with each approval.
import { type Duration, Stack } from 'aws-cdk-lib';
import { CfnParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { policyParameter } from '../aws/names/parameters.ts';
import { DEFAULT_POLICY, POLICY_NAME, type PolicySettings } from '../domain/policy.ts';
import { allApprovers, type ApprovalPolicy, policySettings, timeoutOf } from './approval-policy.ts';
import { checkPolicy } from './check-policy.ts';
import { longestText } from './environment-size.ts';
import { InvalidSetting } from './invalid-setting.ts';
import type { PolicyNames } from './slack-approvals-interface.ts';

/** Characters in the value of a standard parameter: https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html */
const MAX_CHARACTERS = 4_096;

export class Policies extends Construct implements PolicyNames {
  private readonly given: Readonly<Record<string, ApprovalPolicy>>;
  private readonly settings: ReadonlyMap<string, PolicySettings>;
  private readonly owner: string;

  /** @param path under which the functions find the parameters */
  constructor(scope: Construct, id: string, path: string, given: Readonly<Record<string, ApprovalPolicy>>) {
    super(scope, id);
    this.given = given;
    this.owner = scope.node.path;
    const names = Object.keys(given);
    const invalid = names.find((name) => !POLICY_NAME.test(name));
    const example = 'policies: { default: { channel: "C0123456789", approvers: ["S0614TZR7"] } }';
    if (names.length === 0)
      throw new InvalidSetting(
        `${this.owner}: policies must have at least one policy. For example: ${example}.`,
      );
    if (invalid !== undefined)
      throw new InvalidSetting(
        `${this.owner}: the name of a policy begins with a letter and has at most 40 lower-case letters, digits and hyphens; one is ${JSON.stringify(invalid)}. For example: ${example}.`,
      );
    this.settings = new Map(names.map((name) => [name, policySettings(this.of(name))]));
    for (const [name, settings] of this.settings) {
      checkPolicy(this.of(name), settings, `${this.owner}: policies.${name}`);
      this.addParameter(path, name, settings);
    }
  }

  /** Ids of all channels, that of the default policy first. */
  get channels(): readonly string[] {
    const first = this.settings.get(DEFAULT_POLICY);
    const all = [...(first ? [first] : []), ...this.settings.values()];
    return [...new Set(all.map(({ channel }) => channel))];
  }

  /** Ids of all users and user groups who may approve by some policy. */
  get approvers(): readonly string[] {
    return [...new Set([...this.settings.values()].flatMap(allApprovers))];
  }

  /** Who may be named as a delegate: everyone whom a policy allows. */
  get delegates(): PolicySettings['delegates'] {
    const all = [...this.settings.values()].flatMap(({ delegates }) => delegates);
    return all.includes('anyone') ? 'anyone' : [...new Set(all)];
  }

  all(): ReadonlyMap<string, PolicySettings> {
    return this.settings;
  }

  timeout(name: string): Duration {
    return timeoutOf(this.of(name));
  }

  check(name: string): void {
    this.of(name);
  }

  private of(name: string): ApprovalPolicy {
    const policy = Object.entries(this.given).find(([each]) => each === name)?.[1];
    if (policy) return policy;
    const names = Object.keys(this.given);
    throw new InvalidSetting(
      `${this.owner} has no policy ${JSON.stringify(name)}. Its policies are: ${names.join(', ')}. Name one of them, in RequestApproval by policy: '${names[0]}', in addStateMachine by policies: ['${names[0]}'].`,
    );
  }

  private addParameter(path: string, name: string, settings: PolicySettings): void {
    const value = Stack.of(this).toJsonString(settings);
    const size = longestText(Stack.of(this).resolve(value), Stack.of(this).stackName).length;
    if (size > MAX_CHARACTERS)
      throw new InvalidSetting(
        `${this.owner}: policies.${name} has up to ${size} characters as JSON, and a parameter of Systems Manager has at most ${MAX_CHARACTERS}. Name user groups such as S0614TZR7 in place of user ids, or use fewer tiers.`,
      );
    new CfnParameter(this, name, {
      name: policyParameter(path, name),
      description: `The approval policy ${name}`,
      type: 'String',
      value,
    });
  }
}
