// Executions of state machines: start one, resume one, ask how one ended. The bot starts and resumes; report-failure
// asks. The names that Step Functions gives its errors end here.
import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  type SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
  TaskTimedOut,
} from '@aws-sdk/client-sfn';

export interface Executions {
  /** The input an execution was started with. */
  input(executionArn: string): Promise<ExecutionInput>;
  /** The ARN of the execution of this name, of each state machine that is served. */
  arnsOf(name: string): readonly string[];
  /** Stops an execution; one that has ended stays as it is. */
  stop(executionArn: string, cause: string): Promise<void>;
  /** Starts an execution under this name; a second start under the same name is the first. */
  start(stateMachineArn: string, name: string, input: object): Promise<void>;
  /**
   * Resumes a waiting state with its output. `over`: the token was used before, or the wait is over, and Step
   * Functions does not say which: https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html
   */
  resume(taskToken: string, output: object): Promise<'resumed' | 'not_waiting'>;
}

export type ExecutionInput = Readonly<Record<string, unknown>>;

export function executions(client: SFNClient, stateMachineArns: readonly string[]): Executions {
  return {
    input: async (executionArn) => (await describeExecution(client, executionArn)).input,
    arnsOf: (name) =>
      stateMachineArns.map((arn) => `${arn.replace(':stateMachine:', ':execution:')}:${name}`),
    stop: (executionArn, cause) => stopExecution(client, executionArn, cause),
    async start(stateMachineArn, name, input) {
      try {
        await client.send(new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }));
      } catch (error) {
        if (!(error instanceof ExecutionAlreadyExists)) throw error;
      }
    },
    resume: (taskToken, output) => resumeTask(client, taskToken, output),
  };
}

export async function resumeTask(
  client: SFNClient,
  taskToken: string,
  output: object,
): Promise<'resumed' | 'not_waiting'> {
  try {
    await client.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(output) }));
    return 'resumed';
  } catch (error) {
    if (error instanceof TaskTimedOut) return 'not_waiting';
    throw error;
  }
}

export async function stopExecution(client: SFNClient, executionArn: string, cause: string): Promise<void> {
  await client.send(new StopExecutionCommand({ executionArn, cause }));
}

/** Fails a waiting state, where nobody can be asked. Where it waits no longer, nothing happens. */
export async function failTask(
  client: SFNClient,
  taskToken: string,
  error: string,
  cause: string,
): Promise<void> {
  try {
    await client.send(new SendTaskFailureCommand({ taskToken, error, cause }));
  } catch (failure) {
    if (!(failure instanceof TaskTimedOut)) throw failure;
  }
}

/** What Step Functions knows of an execution. It may lag by a moment. */
export interface Described {
  readonly status: string;
  /** The execution's input, parsed; as an object. */
  readonly input: ExecutionInput;
  /** Its output as JSON, once it has succeeded. */
  readonly output?: string | undefined;
  /** When it ended, ISO 8601. */
  readonly endedAt?: string | undefined;
  /** When it was redriven last, ISO 8601. */
  readonly redrivenAt?: string | undefined;
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
}

export async function describeExecution(client: SFNClient, executionArn: string): Promise<Described> {
  const described = await client.send(new DescribeExecutionCommand({ executionArn }));
  const { status = 'UNKNOWN', input = '{}', output, stopDate, redriveDate, error, cause } = described;
  return {
    status,
    input: { ...JSON.parse(input) },
    output,
    endedAt: stopDate?.toISOString(),
    redrivenAt: redriveDate?.toISOString(),
    error,
    cause,
  };
}

/** The ARN of the state machine that an execution runs: its own, with the name of the execution left out. */
export function stateMachineOf(executionArn: string): string {
  return executionArn.split(':').slice(0, 7).join(':').replace(':execution:', ':stateMachine:');
}

/** The name in an execution's ARN: `arn:aws:states:region:account:execution:stateMachine:name`. */
export function executionName(executionArn: string): string {
  return executionArn.split(':')[7] ?? executionArn;
}
