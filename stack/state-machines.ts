// Collects the ARNs of the state machines that request approval, for the environment variables of the functions.
// `SlackApprovals` adds each state machine. `executionsOf` builds an ARN pattern for the permissions of the functions.
import { Arn, ArnFormat, Lazy, Stack } from 'aws-cdk-lib';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';

export class StateMachines {
  private readonly arns: string[] = [];

  add({ stateMachineArn }: StateMachine): void {
    this.arns.push(stateMachineArn);
  }

  /** Comma-separated ARNs. The string is resolved at synthesis, so that it includes state machines added later. */
  list(): string {
    return Lazy.string({ produce: () => this.arns.join(',') });
  }
}

/**
 * Returns an ARN pattern for all executions of a state machine.
 * @param name of the state machine
 */
export function executionsOf(scope: Construct, name: string): string {
  return Arn.format(
    {
      service: 'states',
      resource: 'execution',
      resourceName: `${name}:*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    },
    Stack.of(scope),
  );
}
