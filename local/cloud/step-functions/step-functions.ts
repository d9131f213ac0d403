// Step Functions as a whole: its state machines, the handlers of its timers and its API. `startCloud` builds it.
import type { Clock } from '../../clock.ts';
import type { Lambda } from '../lambda.ts';
import type { Log } from '../log.ts';
import type { Operations } from '../operations.ts';
import type { Queues } from '../queues.ts';
import type { StateMachineModel } from '../readers.ts';
import type { CloudState, Execution, Timer, TimerKind } from '../state.ts';
import type { Timers } from '../timers.ts';
import type { Topics } from '../topics.ts';
import type { Definition, StateMachine } from './definition.ts';
import { executionOperations } from './execution-operations.ts';
import { createInterpreter } from './interpreter.ts';
import { machineOperations } from './machine-operations.ts';
import { createTasks } from './tasks.ts';

interface StepFunctionsOptions {
  readonly models: readonly StateMachineModel[];
  readonly state: CloudState;
  readonly lambda: Lambda;
  readonly queues: Queues;
  readonly topics: Topics;
  readonly announce: (execution: Execution) => void;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
}

type StateTimer = Extract<TimerKind, 'state_due' | 'state_timed_out' | 'execution_timed_out'>;

export interface StepFunctions {
  readonly operations: Operations;
  readonly fire: Readonly<Record<StateTimer, (timer: Timer) => void>>;
}

export function startStepFunctions(options: StepFunctionsOptions): StepFunctions {
  const { models, state, lambda, queues, topics, announce, clock, timers, log } = options;
  const machines = new Map(models.map((model) => [model.arn, stateMachine(model, clock.now())]));
  const startTask = createTasks({ taskTokens: state.taskTokens, lambda, queues, topics, clock, timers });
  const interpreter = createInterpreter({ machines, state, startTask, announce, clock, timers, log });
  return {
    operations: {
      ...machineOperations(machines),
      ...executionOperations({ machines, state, interpreter, clock }),
    },
    fire: {
      state_due: (timer) => interpreter.run(timer),
      state_timed_out: (timer) => interpreter.timeOutState(timer),
      execution_timed_out: (timer) => interpreter.timeOutExecution(timer),
    },
  };
}

function stateMachine({ name, arn, roleArn, text }: StateMachineModel, createdAt: number): StateMachine {
  // `checkDefinition` has held it against the closed list.
  const definition: Definition = JSON.parse(text);
  return { name, arn, roleArn, text, createdAt, definition };
}
