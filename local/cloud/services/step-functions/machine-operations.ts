// The Step Functions API's operations for state machines. The gateway calls them.
import type { CloudContext } from '../../core/context.ts';
import { textAt, type JsonObject } from '../../core/json.ts';
import { accept, AwsError, type Operations } from '../../core/operations.ts';
import type { Model, StateMachineModel } from '../../template/resource-readers.ts';

export function machineOperations({ model, state }: CloudContext): Operations {
  const summary = ({ arn, name }: StateMachineModel) => ({
    stateMachineArn: arn,
    name,
    type: 'STANDARD',
    creationDate: state.startedAt / 1000,
  });
  return {
    ListStateMachines(input) {
      accept(input, []);
      return { stateMachines: model.stateMachines.map(summary) };
    },
    DescribeStateMachine(input) {
      accept(input, ['stateMachineArn']);
      const machine = machineAskedFor(input, model);
      const { text, roleArn } = machine;
      return { ...summary(machine), status: 'ACTIVE', definition: text, roleArn };
    },
  };
}

export function machineAskedFor(input: JsonObject, { stateMachines }: Model): StateMachineModel {
  const asked = arnAt(input, 'stateMachineArn');
  const machine = stateMachines.find(({ arn }) => arn === asked);
  if (machine) return machine;
  throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${asked}'`);
}

/** Reads an ARN. AWS refuses any other text before it looks for the resource. */
export function arnAt(input: JsonObject, key: string): string {
  const arn = textAt(input, key);
  if (arn.startsWith('arn:')) return arn;
  throw new AwsError('InvalidArn', `Invalid Arn: 'Invalid ARN prefix: ${arn}'`);
}
