// The Step Functions API on executions and their task tokens. The gateway calls these operations.
import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import { AwsError } from '../aws-error.ts';
import { bytes, numberAt, optionalText, parse, textAt, tryParse, type JsonObject } from '../json.ts';
import { accept, defined, page, type Operations } from '../operations.ts';
import type { CloudState, Execution } from '../state.ts';
import type { StateMachine, TaskState } from './definition.ts';
import { record, shown } from './history.ts';
import { MAX_PAYLOAD_BYTES, type Interpreter } from './interpreter.ts';
import { isAt, runningOf, type Running } from './running.ts';
import { StateFailure } from './state-failure.ts';
import { looksLikeTaskToken } from './task-token.ts';
import { named } from './tasks.ts';

/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html */
// oxlint-disable-next-line no-control-regex
const NAME_NOT_ALLOWED = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f\ufffe\uffff]/;

interface OperationsOptions {
  readonly machines: ReadonlyMap<string, StateMachine>;
  readonly state: CloudState;
  readonly interpreter: Interpreter;
  readonly clock: Clock;
}

export function executionOperations({ machines, state, interpreter, clock }: OperationsOptions): Operations {
  return {
    StartExecution(input) {
      accept(input, ['stateMachineArn', 'name', 'input', 'traceHeader']);
      const machine = machines.get(textAt(input, 'stateMachineArn'));
      if (!machine) throw noStateMachine(textAt(input, 'stateMachineArn'));
      const name = optionalText(input, 'name') ?? randomUUID();
      if (name.length < 1 || name.length > 80 || NAME_NOT_ALLOWED.test(name)) {
        throw new AwsError('InvalidName', `Invalid Name: '${name}'`);
      }
      const text = optionalText(input, 'input') ?? '{}';
      if (tryParse(text) === undefined || bytes(text) > MAX_PAYLOAD_BYTES) {
        throw new AwsError(
          'InvalidExecutionInput',
          'Invalid State Machine Execution Input: it is no JSON, or too large',
        );
      }
      const { arn, startDate } = earlier(machine, name, text) ?? interpreter.start(machine, name, text);
      return { executionArn: arn, startDate: startDate / 1000 };
    },
    StopExecution(input) {
      accept(input, ['executionArn', 'error', 'cause']);
      const execution = asked(input);
      interpreter.stop(execution, {
        error: optionalText(input, 'error'),
        cause: optionalText(input, 'cause'),
      });
      return { stopDate: (execution.stopDate ?? clock.now()) / 1000 };
    },
    DescribeExecution(input) {
      accept(input, ['executionArn', 'includedData']);
      const execution = asked(input);
      const { input: given, output, error, cause } = execution;
      const included = { included: true };
      return {
        ...summary(execution),
        input: given,
        inputDetails: included,
        ...defined({ output, outputDetails: output === undefined ? undefined : included, error, cause }),
        redriveCount: 0,
      };
    },
    ListExecutions(input) {
      accept(input, ['stateMachineArn', 'statusFilter', 'maxResults', 'nextToken']);
      const stateMachineArn = textAt(input, 'stateMachineArn');
      if (!machines.has(stateMachineArn)) throw noStateMachine(stateMachineArn);
      const status = optionalText(input, 'statusFilter');
      const all = Object.values(state.executions).filter((one) => one.stateMachineArn === stateMachineArn);
      const found = all.filter((one) => status === undefined || one.status === status).toReversed();
      const { items, next } = page(found, sizeOf(input), optionalText(input, 'nextToken'));
      return { executions: items.map(summary), ...defined({ nextToken: next }) };
    },
    GetExecutionHistory(input) {
      accept(input, ['executionArn', 'includeExecutionData', 'maxResults', 'nextToken', 'reverseOrder']);
      const { history } = asked(input);
      const ordered = input['reverseOrder'] === true ? history.toReversed() : history;
      const { items, next } = page(ordered, sizeOf(input), optionalText(input, 'nextToken'));
      const withData = input['includeExecutionData'] !== false;
      return { events: items.map((event) => shown(event, withData)), ...defined({ nextToken: next }) };
    },
    SendTaskSuccess(input) {
      accept(input, ['taskToken', 'output']);
      const output = textAt(input, 'output');
      if (tryParse(output) === undefined)
        throw new AwsError('InvalidOutput', 'Invalid Output: it is no JSON');
      if (bytes(output) > MAX_PAYLOAD_BYTES)
        throw new AwsError('InvalidOutput', 'Invalid Output: it is too large');
      const waiting = waitingFor(textAt(input, 'taskToken'));
      record(waiting.execution, clock.now(), 'TaskSucceeded', { ...named(waiting), output });
      interpreter.succeed(waiting, parse(output));
      return {};
    },
    SendTaskFailure(input) {
      accept(input, ['taskToken', 'error', 'cause']);
      const waiting = waitingFor(textAt(input, 'taskToken'));
      const failure = new StateFailure(
        optionalText(input, 'error') ?? '',
        optionalText(input, 'cause') ?? '',
      );
      record(waiting.execution, clock.now(), 'TaskFailed', {
        ...named(waiting),
        error: failure.error,
        cause: failure.cause,
      });
      interpreter.fail(waiting, failure);
      return {};
    },
  };

  /** StartExecution is idempotent while the execution of that name and input runs. */
  function earlier(machine: StateMachine, name: string, input: string): Execution | undefined {
    const same = Object.values(state.executions).find(
      (one) => one.name === name && one.stateMachineArn === machine.arn,
    );
    if (!same || (same.status === 'RUNNING' && same.input === input)) return same;
    throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${same.arn}'`);
  }

  function asked(input: JsonObject): Execution {
    const arn = textAt(input, 'executionArn');
    const execution = state.executions[arn];
    if (!execution) throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
    return execution;
  }

  function waitingFor(token: string): Running<TaskState> {
    if (!looksLikeTaskToken(token)) throw new AwsError('InvalidToken', 'Invalid Token');
    const made = state.taskTokens[token];
    if (!made) throw new AwsError('TaskDoesNotExist', 'Task does not exist');
    const running = runningOf(state.executions[made.execution], machines);
    if (!running || running.state.Type !== 'Task' || !isAt(running, made.attempt)) {
      throw new AwsError('TaskTimedOut', 'Task Timed Out: the task is over, by its answer or its time');
    }
    return { ...running, state: running.state };
  }
}

function summary({ arn, stateMachineArn, name, status, startDate, stopDate }: Execution): JsonObject {
  return {
    executionArn: arn,
    stateMachineArn,
    name,
    status,
    startDate: startDate / 1000,
    ...(stopDate !== undefined && { stopDate: stopDate / 1000 }),
  };
}

/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListExecutions.html: 0 means the default. */
function sizeOf(input: JsonObject): number {
  return numberAt(input, 'maxResults', 100) || 100;
}

function noStateMachine(arn: string): AwsError {
  return new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
}
