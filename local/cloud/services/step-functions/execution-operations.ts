// The Step Functions API's operations for executions and their task tokens. The gateway calls them.
import { randomUUID } from 'node:crypto';
import type { CloudContext } from '../../core/context.ts';
import { bytes, numberAt, optionalText, textAt, tryParse, type JsonObject } from '../../core/json.ts';
import { accept, AwsError, type Operations } from '../../core/operations.ts';
import type { StateMachineModel } from '../../template/resource-readers.ts';
import type { Execution } from '../../core/state.ts';
import type { TaskState } from './definition.ts';
import { MAX_PAYLOAD_BYTES, StateFailure } from './failure.ts';
import type { Interpreter } from './interpreter.ts';
import { arnAt, machineAskedFor } from './machine-operations.ts';
import { redriveStatus, whyNotRedrivable } from './redrive.ts';
import { runningOf, type Running } from './running.ts';
import { TOKEN } from './tasks.ts';

/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html */
// oxlint-disable-next-line no-control-regex
const NAME_NOT_ALLOWED = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f\ufffe\uffff]/;

/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListExecutions.html */
const STATUSES = ['SUCCEEDED', 'TIMED_OUT', 'PENDING_REDRIVE', 'ABORTED', 'FAILED', 'RUNNING'];

export function executionOperations(
  { model, state, clock }: CloudContext,
  interpreter: Interpreter,
): Operations {
  return {
    StartExecution(input) {
      accept(input, ['stateMachineArn', 'name', 'input']);
      const machine = machineAskedFor(input, model);
      const name = optionalText(input, 'name') ?? randomUUID();
      if (name.length < 1 || name.length > 80 || NAME_NOT_ALLOWED.test(name))
        throw new AwsError('InvalidName', `Invalid Name: '${name}'`);
      const text = payload(optionalText(input, 'input') ?? '{}', 'InvalidExecutionInput');
      const { arn, startDate } = earlier(machine, name, text) ?? interpreter.start(machine, name, text);
      return { executionArn: arn, startDate: startDate / 1000 };
    },
    StopExecution(input) {
      accept(input, ['executionArn', 'error', 'cause']);
      const execution = asked(input);
      const reason = { error: optionalText(input, 'error'), cause: optionalText(input, 'cause') };
      interpreter.stop(execution, reason);
      return { stopDate: (execution.stopDate ?? 0) / 1000 };
    },
    RedriveExecution(input) {
      accept(input, ['executionArn', 'clientToken']);
      const execution = asked(input);
      const token = optionalText(input, 'clientToken') ?? randomUUID();
      const before = execution.redrives.find(({ clientToken }) => clientToken === token);
      const reason = whyNotRedrivable(execution, clock.now());
      if (reason !== undefined && !before)
        throw new AwsError(
          'ExecutionNotRedrivable',
          `Execution ${execution.arn} invalid for redrive as: ${reason}`,
        );
      const { date } = before ?? interpreter.redrive(execution, token);
      return { redriveDate: date / 1000 };
    },
    DescribeExecution(input) {
      accept(input, ['executionArn']);
      const execution = asked(input);
      const { input: given, output, error, cause } = execution;
      const told = { ...summary(execution), ...redriveStatus(execution, clock.now()) };
      const included = { included: true };
      const payloads = { input: given, inputDetails: included, output, outputDetails: output && included };
      return { ...told, ...payloads, error, cause };
    },
    ListExecutions(input) {
      accept(input, ['stateMachineArn', 'statusFilter']);
      const machine = machineAskedFor(input, model);
      const statusFilter = optionalText(input, 'statusFilter');
      if (statusFilter !== undefined && !STATUSES.includes(statusFilter))
        throw new AwsError(
          'ValidationException',
          `1 validation error detected: Value '${statusFilter}' at 'statusFilter' failed to satisfy constraint: Member must satisfy enum value set: [${STATUSES.join(', ')}]`,
        );
      const found = Object.values(state.executions).filter(
        (one) => one.machine.arn === machine.arn && (statusFilter ?? one.status) === one.status,
      );
      return { executions: found.toReversed().map(summary) };
    },
    GetExecutionHistory(input) {
      accept(input, ['executionArn', 'maxResults', 'nextToken']);
      const { history } = asked(input);
      const from = Number(optionalText(input, 'nextToken') ?? 0);
      const to = from + numberAt(input, 'maxResults', 100);
      return { events: history.slice(from, to), ...(to < history.length && { nextToken: String(to) }) };
    },
    SendTaskSuccess(input) {
      accept(input, ['taskToken', 'output']);
      const output = payload(textAt(input, 'output'), 'InvalidOutput');
      interpreter.succeed(waitingFor(textAt(input, 'taskToken')), output);
      return {};
    },
    SendTaskFailure(input) {
      accept(input, ['taskToken', 'error', 'cause']);
      const failure = new StateFailure(optionalText(input, 'error'), optionalText(input, 'cause'));
      interpreter.fail(waitingFor(textAt(input, 'taskToken')), failure);
      return {};
    },
  };

  /** Returns a running execution with this name and input: StartExecution is idempotent while the execution runs. */
  function earlier(machine: StateMachineModel, name: string, input: string): Execution | undefined {
    const same = Object.values(state.executions).find(
      (one) => one.name === name && one.machine.arn === machine.arn,
    );
    if (!same || (same.status === 'RUNNING' && same.input === input)) return same;
    throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${same.arn}'`);
  }

  function asked(input: JsonObject): Execution {
    const arn = arnAt(input, 'executionArn');
    const execution = state.executions[arn];
    if (!execution) throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
    return execution;
  }

  function waitingFor(token: string): Running<TaskState> {
    const made = state.taskTokens[token];
    if (!made && !TOKEN.test(token)) throw new AwsError('InvalidToken', "Invalid Token: 'Invalid token'");
    if (!made) throw new AwsError('TaskDoesNotExist', 'Task does not exist');
    const running = runningOf(state.executions[made.execution]);
    if (running?.state.Type !== 'Task' || running.current.attempt !== made.attempt)
      throw new AwsError('TaskTimedOut', 'Task Timed Out: the task is over, by its answer or its time');
    return { ...running, state: running.state };
  }
}

function payload(text: string, refusal: string): string {
  if (tryParse(text) !== undefined && bytes(text) <= MAX_PAYLOAD_BYTES) return text;
  throw new AwsError(refusal, `It is no JSON, or larger than ${MAX_PAYLOAD_BYTES} bytes`);
}

function summary({ arn, machine, name, status, startDate, stopDate, redrives }: Execution) {
  const redriven = redrives.at(-1)?.date;
  return {
    executionArn: arn,
    stateMachineArn: machine.arn,
    name,
    status,
    startDate: startDate / 1000,
    stopDate: stopDate === undefined ? undefined : stopDate / 1000,
    redriveCount: redrives.length,
    redriveDate: redriven === undefined ? undefined : redriven / 1000,
  };
}
