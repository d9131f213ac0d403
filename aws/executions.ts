// Calls Step Functions: starts, resumes, stops and describes executions. The bot and the functions behind queues call
// it. No other file calls Step Functions for them.
import {
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  InvalidToken,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  type SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
  TaskDoesNotExist,
  TaskTimedOut,
} from '@aws-sdk/client-sfn';

export interface Executions {
  describe(executionArn: string): Promise<Described>;
  /** The ARNs that an execution of this name may have: one for each configured state machine that is not a pattern. */
  arnsOf(name: string): readonly string[];
  /** Stops an execution. Has no effect if the execution has ended. */
  stop(executionArn: string, cause: string): Promise<void>;
  /** Starts an execution. Returns `exists`, and has no effect, if another execution had this name or this one has ended. */
  start(stateMachineArn: string, name: string, input: object): Promise<'started' | 'exists'>;
  /**
   * Resumes a waiting state with its output. Returns `not_waiting` if the token was used before or the wait is over.
   * Step Functions returns the same error for both:
   * https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html
   */
  resume(taskToken: string, output: object): Promise<'resumed' | 'not_waiting'>;
}

export type ExecutionInput = Readonly<Record<string, unknown>>;

export function executions(client: SFNClient, stateMachineArns: readonly string[]): Executions {
  return {
    describe: (executionArn) => describeExecution(client, executionArn),
    arnsOf: (name) =>
      stateMachineArns.filter((arn) => !arn.includes('*')).map((arn) => executionArnOf(arn, name)),
    stop: (executionArn, cause) => stopExecution(client, executionArn, cause),
    async start(stateMachineArn, name, input) {
      try {
        await client.send(new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }));
        return 'started';
      } catch (error) {
        if (error instanceof ExecutionAlreadyExists) return 'exists';
        throw error;
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
    if (isOver(error)) return 'not_waiting';
    throw error;
  }
}

export async function stopExecution(client: SFNClient, executionArn: string, cause: string): Promise<void> {
  await client.send(new StopExecutionCommand({ executionArn, cause }));
}

/** Fails a waiting state. Has no effect if the state no longer waits. */
export async function failTask(
  client: SFNClient,
  taskToken: string,
  error: string,
  cause: string,
): Promise<void> {
  try {
    await client.send(new SendTaskFailureCommand({ taskToken, error, cause }));
  } catch (failure) {
    if (!isOver(failure)) throw failure;
  }
}

/** An execution as Step Functions describes it. Eventually consistent. */
export interface Described {
  /** `MISSING` if there is no such execution: Step Functions forgets an execution 90 days after its end. */
  readonly status: string;
  /** The input, parsed. An empty object if there is no input. */
  readonly input: ExecutionInput;
  /** The output as JSON. Undefined unless the execution succeeded. */
  readonly output?: string | undefined;
  /** When the execution started, ISO 8601. */
  readonly startedAt?: string | undefined;
  /** When the execution ended, ISO 8601. Undefined while it runs. */
  readonly endedAt?: string | undefined;
  /** When the execution was last redriven, ISO 8601. Undefined if it never was. */
  readonly redrivenAt?: string | undefined;
  /** How often the execution was redriven. */
  readonly redriveCount?: number | undefined;
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
}

export async function describeExecution(client: SFNClient, executionArn: string): Promise<Described> {
  const described = await describeOrMissing(client, executionArn);
  const {
    status = 'MISSING',
    input = '{}',
    output,
    startDate,
    stopDate,
    redriveDate,
    redriveCount,
    error,
    cause,
  } = described;
  return {
    status,
    input: { ...JSON.parse(input) },
    output,
    startedAt: startDate?.toISOString(),
    endedAt: stopDate?.toISOString(),
    redrivenAt: redriveDate?.toISOString(),
    redriveCount,
    error,
    cause,
  };
}

/** Whether no state waits with this token any more, or none ever did. No retry changes that. */
function isOver(error: unknown): boolean {
  return [TaskTimedOut, TaskDoesNotExist, InvalidToken].some((kind) => error instanceof kind);
}

async function describeOrMissing(
  client: SFNClient,
  executionArn: string,
): Promise<Partial<DescribeExecutionCommandOutput>> {
  try {
    return await client.send(new DescribeExecutionCommand({ executionArn }));
  } catch (error) {
    if (error instanceof ExecutionDoesNotExist) return {};
    throw error;
  }
}

/** @param allowed ARNs of state machines, in which `*` stands for any characters of a name */
export function isAllowed(stateMachineArn: string, allowed: readonly string[]): boolean {
  return allowed.some((arn) => {
    const escaped = arn.replaceAll(/[^\w:*-]/g, String.raw`\$&`);
    return new RegExp(`^${escaped.replaceAll('*', '[^:]*')}$`).test(stateMachineArn);
  });
}

/** The ARN of the execution of this name. */
export function executionArnOf(stateMachineArn: string, name: string): string {
  return `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
}

/** The ARN of the state machine of an execution. */
export function stateMachineOf(executionArn: string): string {
  return executionArn.split(':').slice(0, 7).join(':').replace(':execution:', ':stateMachine:');
}

/** The name in an execution's ARN: `arn:aws:states:region:account:execution:stateMachine:name`. */
export function executionName(executionArn: string): string {
  return executionArn.split(':')[7] ?? executionArn;
}
