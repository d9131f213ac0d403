// The state machines that may request approval. `SlackApprovals` adds each one; the permissions and environment variables
// of the functions contain them, also those that are added later.
import { ArnFormat, CfnResource, Fn, Lazy, Names, Stack, Token, TokenComparison } from 'aws-cdk-lib';
import { CfnParameter } from 'aws-cdk-lib/aws-ssm';
import { CfnStateMachine, type IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct, IConstruct } from 'constructs';
import { machineParameter, patternsPath } from '../aws/names/parameters.ts';
import { DEFAULT_POLICY } from '../domain/policy.ts';
import type { BundledFunction } from './bundled-function.ts';
import { InvalidSetting } from './invalid-setting.ts';
import type { Policies } from './policies.ts';

const RESOURCE = ':stateMachine:';

/**
 * Characters of a name and `*`. EventBridge refuses a `*` beside another:
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html#eb-filtering-wildcard-matching
 */
const NAME_PATTERN = /^(?!.*\*\*)(?=.*\w)[\w*-]{1,80}$/;

export interface StateMachineOptions {
  /** Names of the policies that its states may name. Default: `default`. */
  readonly policies?: readonly string[];
  /**
   * The queue of a workflow that publishes itself how its executions ended that failed, timed out or were stopped, for
   * example after it has cleaned up. It gets EventBridge's event of each. Default: Countersign publishes the end.
   */
  readonly onFailure?: IQueue;
}

interface Allowed {
  /** Name of the state machine, or the pattern of names. */
  readonly name: string;
  readonly arn: string;
  /** ARN pattern of its executions. */
  readonly executions: string;
}

export class StateMachines {
  private readonly scope: Construct;
  private readonly path: string;
  private readonly policies: Policies;
  private readonly allowed: Allowed[] = [];

  /** @param path under which the functions find the parameters */
  constructor(scope: Construct, path: string, policies: Policies) {
    this.scope = scope;
    this.path = path;
    this.policies = policies;
    scope.node.addValidation({
      validate: () =>
        this.allowed.length > 0
          ? []
          : ['No state machine may request approval. Add yours: approvals.addStateMachine(stateMachine).'],
    });
  }

  /**
   * Returns the ARN as it is written in the stack of the approvals.
   * @throws InvalidSetting if executions of this state machine cannot request approval
   */
  add(stateMachine: IStateMachine, options: StateMachineOptions): string {
    checkCopies(stateMachine);
    checkType(stateMachine);
    checkEnvironment(stateMachine, this.scope);
    const added = allowedOf(stateMachine, this.scope);
    this.push(added, stateMachine.node.path);
    const parameter = machineParameter(this.path, added.name);
    this.addParameter(Names.uniqueId(stateMachine), parameter, added, options);
    const { policies = [DEFAULT_POLICY] } = options;
    this.scope.node.addValidation({ validate: () => policyProblems(stateMachine, policies) });
    return added.arn;
  }

  /**
   * Returns the pattern of the ARNs of the state machines whose names match, in the account and region of the approvals.
   * @throws InvalidSetting if `match` is not a pattern
   */
  addMatching(match: string, options: StateMachineOptions): string {
    if (!NAME_PATTERN.test(match))
      throw new InvalidSetting(
        `The pattern ${JSON.stringify(match)} must have only letters, digits, hyphens, underscores and * (not two * in a row), at most 80 characters, and at least one letter, digit or underscore. For example: approve-*.`,
      );
    const added = {
      name: match,
      arn: arnIn(this.scope, 'stateMachine', match),
      executions: arnIn(this.scope, 'execution', `${match}:*`),
    };
    this.push(added, match);
    // A name of a parameter has no `*`, and a name of a state machine no `.`.
    const name = `${patternsPath(this.path)}/${match.replaceAll('*', '.')}`;
    this.addParameter(match, name, added, options);
    return added.arn;
  }

  /** Comma-separated ARNs and patterns. */
  list(): string {
    return Lazy.string({ produce: () => this.allowed.map(({ arn }) => arn).join(',') });
  }

  /** Allows the function to use the actions on all state machines, and others on their executions. */
  allow(
    lambda: BundledFunction,
    actions: { readonly machines?: readonly string[]; readonly executions: readonly string[] },
  ): void {
    const all = (of: keyof Allowed) => Lazy.list({ produce: () => this.allowed.map((each) => each[of]) });
    if (actions.machines) lambda.allow(actions.machines, ...all('arn'));
    lambda.allow(actions.executions, ...all('executions'));
  }

  /** Allows the function to read the policies, and which state machine may use which. */
  allowParameters(lambda: BundledFunction): void {
    const { NO_RESOURCE_NAME: arnFormat } = ArnFormat;
    const arn = (path: string) =>
      Stack.of(this.scope).formatArn({ service: 'ssm', resource: `parameter${path}`, arnFormat });
    lambda.setVariable('PARAMETERS', this.path);
    lambda.allow(['ssm:GetParameter'], arn(`${this.path}/*`));
    lambda.allow(['ssm:GetParametersByPath'], arn(patternsPath(this.path)));
  }

  private addParameter(id: string, name: string, { arn }: Allowed, options: StateMachineOptions): void {
    const { policies = [DEFAULT_POLICY], onFailure } = options;
    if (policies.length === 0)
      throw new InvalidSetting(
        `${this.scope.node.path}: a state machine needs at least one policy. For example: policies: ["${DEFAULT_POLICY}"].`,
      );
    for (const policy of policies) this.policies.check(policy);
    new CfnParameter(this.scope, `Machine${id}`, {
      name,
      description: 'A state machine that may request approval, and its policies',
      type: 'String',
      value: Stack.of(this.scope).toJsonString({
        stateMachineArn: arn,
        policies,
        ...(onFailure ? { ownFailures: true } : {}),
      }),
    });
  }

  private push(added: Allowed, what: string): void {
    if (this.allowed.some(({ arn }) => arn === added.arn))
      throw new InvalidSetting(`${what} was added to ${this.scope.node.path} before.`);
    this.allowed.push(added);
  }
}

/** Whether the construct is in another stack than the approvals. */
export function isElsewhere(construct: IConstruct, approvals: Construct): boolean {
  return Stack.of(construct) !== Stack.of(approvals);
}

/**
 * A class of another copy of the CDK is not recognized, and then the role of the state machine may not publish. npm installs
 * a folder as a link, and the package then loads the copy beside the folder.
 */
function checkCopies({ node }: IStateMachine): void {
  const { defaultChild } = node;
  if (!CfnResource.isCfnResource(defaultChild) || defaultChild instanceof CfnStateMachine) return;
  throw new InvalidSetting(
    `${node.path} was made by another copy of aws-cdk-lib than countersign uses, so its permissions would be incomplete. Install countersign as a package and not as a link to a folder, for example: npm install $(npm pack ../countersign/dist).`,
  );
}

/**
 * Refuses a state of this app that names a policy which its state machine may not use. A definition that is known only in
 * the deployment is not checked: the state then fails with PolicyNotAllowed.
 */
function policyProblems(stateMachine: IStateMachine, policies: readonly string[]): string[] {
  const { defaultChild } = stateMachine.node;
  if (!(defaultChild instanceof CfnStateMachine)) return [];
  const { definitionString } = defaultChild;
  const text = JSON.stringify(Stack.of(defaultChild).resolve(definitionString) ?? '').replaceAll('\\', '');
  const named = [...text.matchAll(/"MessageBody":\{[^{}]*"Policy":"([^"]+)"/g)].map(
    ([, policy = '']) => policy,
  );
  return named
    .filter((policy) => !policies.includes(policy))
    .map(
      (other) =>
        `A state of ${stateMachine.node.path} names the policy ${JSON.stringify(other)}, and the state machine may use only: ${policies.join(', ')}. Allow it: approvals.addStateMachine(stateMachine, { policies: [${[...policies, other].map((each) => `'${each}'`).join(', ')}] }).`,
    );
}

/** An Express workflow cannot wait for a task token: https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html */
function checkType({ node }: IStateMachine): void {
  if (!(node.defaultChild instanceof CfnStateMachine) || node.defaultChild.stateMachineType !== 'EXPRESS')
    return;
  throw new InvalidSetting(
    `${node.path} is an Express workflow, which cannot wait for people. Make it a standard workflow: stateMachineType: StateMachineType.STANDARD.`,
  );
}

/** A task token is valid only in the account and region of its state machine, and so are the queue and the topic. */
function checkEnvironment({ node, env, stateMachineArn }: IStateMachine, approvals: Construct): void {
  const { account, region } = Stack.of(approvals);
  const [, , , ofRegion = '', ofAccount = ''] = Token.isUnresolved(stateMachineArn)
    ? ['', '', '', env.region, env.account]
    : stateMachineArn.split(':');
  for (const [kind, here, there] of [
    ['account', account, ofAccount],
    ['region', region, ofRegion],
  ] as const)
    if (Token.compareStrings(here, there) === TokenComparison.DIFFERENT)
      throw new InvalidSetting(
        `${node.path} is in ${kind} ${there}, and ${approvals.node.path} in ${here}. Create SlackApprovals in each account and region that has state machines.`,
      );
}

/**
 * A state machine in another stack depends on the stack of the approvals, because it sends to their queue. A reference
 * back would be a circle, so its ARN is made of its name.
 */
function allowedOf(stateMachine: IStateMachine, approvals: Construct): Allowed {
  const { node, stateMachineArn } = stateMachine;
  const own = node.defaultChild instanceof CfnStateMachine ? node.defaultChild : undefined;
  const given = own ? own.stateMachineName : stateMachineArn.split(RESOURCE)[1];
  const name = given === undefined || Token.isUnresolved(given) ? undefined : given;
  const outside = isElsewhere(stateMachine, approvals);
  if (outside && own && name === undefined)
    throw new InvalidSetting(
      `${node.path} is in another stack than ${approvals.node.path}, and AWS generates its name, so the two stacks would depend on each other. Name it, for example stateMachineName: 'migration'.`,
    );
  if (!Token.isUnresolved(stateMachineArn)) {
    const executions = `${stateMachineArn.replace(RESOURCE, ':execution:')}:*`;
    return { name: name ?? '', arn: stateMachineArn, executions };
  }
  // The name is the seventh part of an ARN.
  const known = name ?? Fn.select(6, Fn.split(':', stateMachineArn));
  return {
    name: known,
    arn: outside && name ? arnIn(approvals, 'stateMachine', name) : stateMachineArn,
    executions: arnIn(approvals, 'execution', `${known}:*`),
  };
}

/** An ARN of Step Functions in the account and region of the approvals. */
function arnIn(approvals: Construct, resource: string, resourceName: string): string {
  const { COLON_RESOURCE_NAME: arnFormat } = ArnFormat;
  return Stack.of(approvals).formatArn({ service: 'states', resource, resourceName, arnFormat });
}
