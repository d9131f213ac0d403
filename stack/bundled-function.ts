// A Lambda function with its own role and log group, whose code is one minified ESM file bundled from a TypeScript
// entry. Every function of the stack uses it.
import { fileURLToPath } from 'node:url';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  CfnFunction,
  type Code,
  Function,
  RecursiveLoop,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Variable } from '../aws/names/variables.ts';
import { bundled } from './bundle.ts';
import { checkEnvironmentSize, checkPolicySize } from './environment-size.ts';

export interface BundledFunctionProps {
  /**
   * File that exports `handler`, as a path from the project's root: `functions/report-failure.lambda.ts`. Or code that is
   * bundled already, whose `index` exports it.
   */
  readonly entry: string | Code;
  readonly timeoutSeconds: number;
  /** Memory in MB. Lambda scales CPU with memory. */
  readonly memory?: number;
  /** Reserved concurrency. 0, the default, reserves none. */
  readonly concurrency?: number;
  readonly environment?: Readonly<Partial<Record<Variable, string>>>;
  /** True if the function reads the Slack secret and calls Slack. */
  readonly usesSlack?: boolean;
  /** True if a schedule runs the function every minute. */
  readonly isScheduled?: boolean;
  /** True if a state invokes the function, so that its error fails the execution. */
  readonly isState?: boolean;
}

export class BundledFunction extends Function {
  readonly timeoutSeconds: number;
  readonly usesSlack: boolean;
  readonly isState: boolean;
  readonly isScheduled: boolean;

  constructor(
    scope: Construct,
    id: string,
    {
      entry,
      timeoutSeconds,
      memory = 256,
      concurrency = 0,
      environment = {},
      usesSlack = false,
      isState = false,
      isScheduled = false,
    }: BundledFunctionProps,
  ) {
    super(scope, id, {
      code: typeof entry === 'string' ? bundled(fromRoot(entry)) : entry,
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: memory,
      timeout: Duration.seconds(timeoutSeconds),
      ...(concurrency > 0 ? { reservedConcurrentExecutions: concurrency } : {}),
      environment: { ...environment },
      ...ownRoleAndLog(scope, id),
    });
    this.timeoutSeconds = timeoutSeconds;
    this.usesSlack = usesSlack;
    this.isState = isState;
    this.isScheduled = isScheduled;
    this.node.addValidation({
      validate: () => {
        checkEnvironmentSize(id, resourceOf(this));
        checkPolicySize(id, this.role ? [this, this.role] : [this]);
        return [];
      },
    });
  }

  setVariable(name: Variable, value: string): void {
    this.addEnvironment(name, value);
  }

  /**
   * Without this, Lambda stops a message that the function has sent back to its own queue 16 times. The function must
   * bound its loop itself: https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
   */
  allowRecursiveLoop(): void {
    resourceOf(this).recursiveLoop = RecursiveLoop.ALLOW;
  }

  /** Adds to the one policy of the role. CDK may put what `addToRolePolicy` adds into a policy that nothing waits for. */
  allow(actions: readonly string[], ...resources: readonly string[]): void {
    this.role?.addToPrincipalPolicy(
      new PolicyStatement({ actions: [...actions], resources: [...resources] }),
    );
  }
}

function resourceOf(lambda: Function): CfnFunction {
  const { defaultChild } = lambda.node;
  if (defaultChild instanceof CfnFunction) return defaultChild;
  throw new TypeError(`${lambda.node.path} has no AWS::Lambda::Function`);
}

function ownRoleAndLog(scope: Construct, id: string): { readonly role: Role; readonly logGroup: LogGroup } {
  const logGroup = new LogGroup(scope, `${id}Log`, {
    retention: RetentionDays.THREE_MONTHS,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const role = new Role(scope, `${id}Role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  role.addToPolicy(
    new PolicyStatement({
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logGroup.logGroupArn],
    }),
  );
  return { role, logGroup };
}

function fromRoot(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}
