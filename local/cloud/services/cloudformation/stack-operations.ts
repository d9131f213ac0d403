// CloudFormation as far as a command reads a stack's outputs. The gateway calls its operation.
import type { CloudContext } from '../../core/context.ts';
import { optionalText } from '../../core/json.ts';
import { accept, AwsError, type Operations } from '../../core/operations.ts';
import { account, region } from '../../template/resource-types.ts';

export function stackOperations({ model, state }: Pick<CloudContext, 'model' | 'state'>): Operations {
  return {
    DescribeStacks(input) {
      accept(input, ['StackName']);
      const { stackName, outputs } = model;
      const StackId = `arn:aws:cloudformation:${region}:${account}:stack/${stackName}/local`;
      const asked = optionalText(input, 'StackName') ?? stackName;
      // As reported: https://github.com/boto/boto3/issues/2807
      if (asked !== stackName && asked !== StackId)
        throw new AwsError('ValidationError', `Stack with id ${asked} does not exist`);
      const stack = {
        StackName: stackName,
        StackId,
        CreationTime: new Date(state.startedAt).toISOString(),
        StackStatus: 'CREATE_COMPLETE',
        Outputs: Object.entries(outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })),
      };
      return { Stacks: [stack] };
    },
  };
}
