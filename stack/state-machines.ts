// The state machines that may request approval. `SlackApprovals` adds each one; the permissions and environment variables
// of the functions contain them, also those that are added later.
import { ArnFormat, Fn, Lazy, Stack, Token, TokenComparison } from 'aws-cdk-lib';
import { CfnStateMachine, type IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { BundledFunction } from './bundled-function.ts';
import { InvalidSetting } from './invalid-setting.ts';

const RESOURCE = ':stateMachine:';

/**
 * Characters of a name and `*`. EventBridge refuses a `*` beside another:
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html#eb-filtering-wildcard-matching
 */
const NAME_PATTERN = /^(?!.*\*\*)(?=.*\w)[\w*-]{1,80}$/;

interface Allowed {
  readonly arn: string;
  /** ARN pattern of its executions. */
  readonly executions: string;
}

export class StateMachines {
  private readonly scope: Construct;
  private readonly allowed: Allowed[] = [];

  constructor(scope: Construct) {
    this.scope = scope;
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
  add(stateMachine: IStateMachine): string {
    checkType(stateMachine);
    checkEnvironment(stateMachine, this.scope);
    const added = allowedOf(stateMachine, this.scope);
    this.push(added, stateMachine.node.path);
    return added.arn;
  }

  /**
   * Returns the pattern of the ARNs of the state machines whose names match, in the account and region of the approvals.
   * @throws InvalidSetting if `match` is not a pattern
   */
  addMatching(match: string): string {
    if (!NAME_PATTERN.test(match))
      throw new InvalidSetting(
        `The pattern ${JSON.stringify(match)} must contain letters, digits, hyphens, underscores and single *, and more than *, for example approve-*.`,
      );
    const arn = arnIn(this.scope, 'stateMachine', match);
    this.push({ arn, executions: arnIn(this.scope, 'execution', `${match}:*`) }, match);
    return arn;
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

  private push(added: Allowed, what: string): void {
    if (this.allowed.some(({ arn }) => arn === added.arn))
      throw new InvalidSetting(`${what} was added to ${this.scope.node.path} before.`);
    this.allowed.push(added);
  }
}

/** Whether the state machine is in another stack than the approvals. */
export function isElsewhere(stateMachine: IStateMachine, approvals: Construct): boolean {
  return Stack.of(stateMachine) !== Stack.of(approvals);
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
    return { arn: stateMachineArn, executions };
  }
  return {
    arn: outside && name ? arnIn(approvals, 'stateMachine', name) : stateMachineArn,
    // The name is the seventh part of an ARN.
    executions: arnIn(approvals, 'execution', `${name ?? Fn.select(6, Fn.split(':', stateMachineArn))}:*`),
  };
}

/** An ARN of Step Functions in the account and region of the approvals. */
function arnIn(approvals: Construct, resource: string, resourceName: string): string {
  const { COLON_RESOURCE_NAME: arnFormat } = ArnFormat;
  return Stack.of(approvals).formatArn({ service: 'states', resource, resourceName, arnFormat });
}
