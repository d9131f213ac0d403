// The Step Functions API on state machines. The gateway calls these operations.
import { AwsError } from '../aws-error.ts';
import { numberAt, optionalText, textAt } from '../json.ts';
import { accept, defined, page, type Operations } from '../operations.ts';
import type { StateMachine } from './definition.ts';

export function machineOperations(machines: ReadonlyMap<string, StateMachine>): Operations {
  return {
    ListStateMachines(input) {
      accept(input, ['maxResults', 'nextToken']);
      const all = [...machines.values()].map(({ arn, name, createdAt }) => ({
        stateMachineArn: arn,
        name,
        type: 'STANDARD',
        creationDate: createdAt / 1000,
      }));
      const { items, next } = page(
        all,
        numberAt(input, 'maxResults', 100) || 100,
        optionalText(input, 'nextToken'),
      );
      return { stateMachines: items, ...defined({ nextToken: next }) };
    },
    DescribeStateMachine(input) {
      accept(input, ['stateMachineArn', 'includedData']);
      const arn = textAt(input, 'stateMachineArn');
      const machine = machines.get(arn);
      if (!machine) throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
      const { name, text, roleArn, createdAt } = machine;
      return {
        stateMachineArn: arn,
        name,
        status: 'ACTIVE',
        type: 'STANDARD',
        definition: text,
        roleArn,
        creationDate: createdAt / 1000,
        loggingConfiguration: { level: 'OFF', includeExecutionData: false },
      };
    },
  };
}
