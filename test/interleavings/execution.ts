// One execution, from the request for approval to its end: a token that resumes it once, until the deadline or until it
// is stopped. Sends its messages to the queues of the world.
import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
  TaskTimedOut,
} from '@aws-sdk/client-sfn';
import type { Result } from '../../domain/approval.ts';
import type { Turns } from './turns.ts';

export type Phase = 'waiting' | 'trading' | Result['outcome'];

export const EXECUTION = 'arn:aws:states:us-east-1:000000000000:execution:trading:AMZN-3f9c';
export const STATE_MACHINE = 'arn:aws:states:us-east-1:000000000000:stateMachine:trading';
export const TOKEN = 'the-task-token';

export interface Execution {
  readonly client: SFNClient;
  readonly phase: Phase;
  /** What the waiting state was resumed with, each time that this had an effect. */
  readonly outputs: readonly object[];
  /** The names of executions started since. */
  readonly started: ReadonlySet<string>;
  /** The next SendTaskSuccess fails, before it has its effect or after it. */
  failNext(how: 'refused' | 'lost'): void;
  /** Ends it, unless it has ended or what is said to be awaited is over. */
  end(outcome: Result['outcome'], from: readonly Phase[], input: object): void;
}

/** As report-failure says it. */
export const STOPPED = {
  result: { outcome: 'cancelled', text: 'The execution was stopped. Nothing more is done.', unsure: true },
};

const statuses: Readonly<Partial<Record<Phase, string>>> = {
  waiting: 'RUNNING',
  trading: 'RUNNING',
  failed: 'FAILED',
  cancelled: 'ABORTED',
};

/** Made once: to make one takes longer than all that it is used for here. */
const sfn = new SFNClient();

interface Surroundings {
  readonly turns: Turns;
  readonly input: object;
  /** It was approved: the trade is next. */
  readonly trade: (approval: object) => void;
  /** It has ended: what is published. */
  readonly publish: (message: object) => void;
}

export function createExecution({ turns, input, trade, publish }: Surroundings): Execution {
  let phase: Phase = 'waiting';
  let failure: 'refused' | 'lost' | undefined;
  let output: string | undefined;
  const outputs: object[] = [];
  const started = new Set<string>();

  const end: Execution['end'] = (outcome, from, told) => {
    if (!from.includes(phase)) return;
    phase = outcome;
    output = JSON.stringify({ ...input, ...told });
    publish({ ExecutionId: EXECUTION, Input: { ...input, ...told } });
  };

  const resume = (json = '') => {
    if (phase !== 'waiting') throw new TaskTimedOut({ message: 'Task Timed Out', $metadata: {} });
    const approval = JSON.parse(json);
    outputs.push(approval);
    if (approval.outcome === 'declined') return end('declined', ['waiting'], { approval });
    phase = 'trading';
    trade(approval);
  };

  const described = () => ({
    status: statuses[phase] ?? 'SUCCEEDED',
    input: JSON.stringify(input),
    output,
  });

  const stop = () => {
    end('cancelled', ['waiting', 'trading'], STOPPED);
    return {};
  };

  const start = (name = '') => {
    if (started.has(name)) throw new ExecutionAlreadyExists({ message: name, $metadata: {} });
    started.add(name);
  };

  const send = (command: object) =>
    turns.call(command.constructor.name, () => {
      if (command instanceof StartExecutionCommand) start(command.input.name);
      if (command instanceof DescribeExecutionCommand) return described();
      if (command instanceof StopExecutionCommand) return stop();
      if (!(command instanceof SendTaskSuccessCommand)) return {};
      const fails = failure;
      failure = undefined;
      if (fails !== 'refused') resume(command.input.output);
      if (fails) throw new TypeError('The line was cut.');
      return {};
    });

  return {
    client: Object.assign(Object.create(sfn), { send }),
    get phase() {
      return phase;
    },
    outputs,
    started,
    failNext: (how) => {
      failure = how;
    },
    end,
  };
}
