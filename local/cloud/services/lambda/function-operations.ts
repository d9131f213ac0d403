// The supported operations of the Lambda API. The gateway calls them.
import type { CloudContext } from '../../core/context.ts';
import { textAt } from '../../core/json.ts';
import { accept, AwsError, type Operations } from '../../core/operations.ts';
import type { FunctionModel } from '../../template/resource-readers.ts';

export function functionOperations({ model, state }: CloudContext): Operations {
  const at = new Date(state.startedAt).toISOString().replace('Z', '+0000');

  function described({ name, arn, role, handler, runtime, timeoutSeconds, memorySize }: FunctionModel) {
    return {
      FunctionName: name,
      FunctionArn: arn,
      Runtime: runtime,
      Role: role,
      Handler: handler,
      Timeout: timeoutSeconds,
      MemorySize: memorySize,
      LastModified: at,
    };
  }

  return {
    ListFunctions(input) {
      accept(input, []);
      return { Functions: model.functions.map(described) };
    },
    GetFunctionUrlConfig(input) {
      accept(input, ['FunctionName']);
      const asked = textAt(input, 'FunctionName');
      const found = model.functionUrls.find(({ functionArn }) =>
        [functionArn, functionArn.split(':').at(-1)].includes(asked),
      );
      if (!found) throw new AwsError('ResourceNotFoundException', `There is no URL of a function ${asked}`);
      return {
        FunctionUrl: found.url,
        FunctionArn: found.functionArn,
        AuthType: 'NONE',
        InvokeMode: found.invokeMode,
        CreationTime: at,
        LastModifiedTime: at,
      };
    },
  };
}
