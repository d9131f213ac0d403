// The state machines that use approvals, as the functions need them: their ARNs, known once the whole app is defined, and the
// permissions on their executions. `SlackApprovals` adds to it.
import { Arn, ArnFormat, Lazy, Stack } from 'aws-cdk-lib';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';

export class StateMachines {
  private readonly arns: string[] = [];

  add({ stateMachineArn }: StateMachine): void {
    this.arns.push(stateMachineArn);
  }

  /** All ARNs, separated by commas, resolved at synthesis. */
  list(): string {
    return Lazy.string({ produce: () => this.arns.join(',') });
  }
}

/** @param name of the state machine */
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
