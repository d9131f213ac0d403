// The context object that `$$` paths read. The interpreter gives it to choices, the tasks to payload templates.
// Its members: https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html
import { parse, type JsonObject } from '../json.ts';
import type { Running } from './running.ts';

export function contextOf({ execution, machine, current }: Running): JsonObject {
  return {
    Execution: {
      Id: execution.arn,
      Input: parse(execution.input),
      Name: execution.name,
      RoleArn: machine.roleArn,
      StartTime: new Date(execution.startDate).toISOString(),
      RedriveCount: 0,
    },
    State: {
      Name: current.name,
      EnteredTime: new Date(current.enteredAt).toISOString(),
      RetryCount: current.retryCount,
    },
    StateMachine: { Id: machine.arn, Name: machine.name },
    ...(current.token && { Task: { Token: current.token } }),
  };
}
