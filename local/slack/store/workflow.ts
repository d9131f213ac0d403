// What the page's panel shows of the workflow behind the app: never a task token, only names, times and words.
// The world that has a workflow implements the source; the page's server asks it.

export interface WorkflowState {
  readonly name: string;
  /** Where it can lead, and when, if not always. */
  readonly next: readonly { readonly state: string; readonly when?: string }[];
  /** Only some ways through the workflow pass it. */
  readonly branch: boolean;
}

export type Progress = 'current' | 'passed' | 'failed';

export interface WorkflowEvent {
  readonly id: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly state?: string;
  readonly what: string;
  readonly error?: string;
  readonly cause?: string;
}

export interface WorkflowExecution {
  readonly name: string;
  readonly status: string;
  readonly startedAt: number;
}

export interface Workflow {
  readonly name: string;
  /** In the order of the flow. */
  readonly states: readonly WorkflowState[];
  /** Newest first. */
  readonly executions: readonly WorkflowExecution[];
  /** The execution asked for, or else the newest. */
  readonly shown?: WorkflowExecution & {
    /** By the name of the state; those it has not reached are missing. */
    readonly progress: Readonly<Record<string, Progress>>;
    readonly history: readonly WorkflowEvent[];
  };
}

export interface WorkflowSource {
  look(execution: string | undefined): Promise<Workflow>;
  /** Calls back when there is something new to see, until what is returned is called. */
  watch(listener: () => void): () => void;
}
