// The data of the page's panel about the workflow behind the app: names, times and texts, never a task token.
// `workflow-panel.ts` implements `WorkflowSource`, and the page's server calls it.

export interface WorkflowState {
  readonly name: string;
  /** The next states; `when` is the condition, if there is one. */
  readonly next: readonly { readonly state: string; readonly when?: string }[];
  /** True if an execution can succeed without an error and without passing this state. */
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
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

export interface Workflow {
  readonly name: string;
  /** In the order of the flow. */
  readonly states: readonly WorkflowState[];
  /** Newest first. */
  readonly executions: readonly WorkflowExecution[];
  /** The requested execution, or else the newest. Undefined if there is none. */
  readonly shown?: WorkflowExecution & {
    /** By state name. States that the execution has not reached are missing. */
    readonly progress: Readonly<Record<string, Progress>>;
    readonly history: readonly WorkflowEvent[];
  };
}

export interface WorkflowSource {
  look(execution: string | undefined): Promise<Workflow>;
  /** Calls the listener when something changes. The returned function removes the listener. */
  watch(listener: () => void): () => void;
}
