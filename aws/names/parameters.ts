// The names of the parameters of Systems Manager in which a stack stores its policies and state machines. The stack
// creates them, and the functions and other stacks read them.

/** The parameters of a stage begin with it. */
export function parameterPath(stage: string): string {
  return `/countersign/${stage}`;
}

/** @param path of the stage, see {@link parameterPath} */
export function policyParameter(path: string, policy: string): string {
  return `${path}/policies/${policy}`;
}

/** @param stateMachine its name */
export function machineParameter(path: string, stateMachine: string): string {
  return `${path}/machines/${stateMachine}`;
}

/** The path of the parameters for patterns of names of state machines. */
export function patternsPath(path: string): string {
  return `${path}/patterns`;
}

/** The parameters with the addresses of the approvals, which other apps read. */
export function addressParameters(path: string) {
  return {
    requestQueueArn: `${path}/request-queue-arn`,
    requestQueueUrl: `${path}/request-queue-url`,
    resultsTopicArn: `${path}/results-topic-arn`,
  };
}
