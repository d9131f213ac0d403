// Checks whether a state machine's definition can run in the local cloud. Reports the findings of asl-validator or, if
// the definition is valid, everything that is not supported. `readModel` calls it.
import validate from 'asl-validator';
import { isList, isObject, membersBeyond, type Json, type JsonObject } from '../../core/json.ts';
import { comparisons } from './choice.ts';
import {
  invoke,
  publish,
  sendAndWait,
  type DataFlow,
  type Definition,
  type FailState,
  type State,
  type TaskState,
  type WaitState,
} from './definition.ts';
import { isPath, isReferencePath } from './paths.ts';
import { contextPaths } from './running.ts';
import { MAX_SECONDS } from './seconds.ts';

const stateTypes = ['Task', 'Pass', 'Choice', 'Wait', 'Succeed', 'Fail'];

type Refuse = (finding: string) => void;

const fields: Readonly<Record<string, string>> = {
  definition: 'Comment StartAt States TimeoutSeconds Version',
  Task: 'Type Comment InputPath Resource Parameters ResultSelector ResultPath OutputPath TimeoutSeconds TimeoutSecondsPath Retry Catch Next End',
  Pass: 'Type Comment InputPath Parameters Result ResultPath OutputPath Next End',
  Choice: 'Type Comment InputPath Choices Default OutputPath',
  Succeed: 'Type Comment InputPath OutputPath',
  Wait: 'Type Comment InputPath Seconds SecondsPath OutputPath Next End',
  Fail: 'Type Comment Error ErrorPath Cause CausePath',
  Retry: 'Comment ErrorEquals IntervalSeconds MaxAttempts BackoffRate MaxDelaySeconds JitterStrategy',
  Catch: 'Comment ErrorEquals ResultPath Next',
  'choice rule': `Comment And Or Not Variable Next ${Object.keys(comparisons).join(' ')}`,
  [invoke]: 'FunctionName InvocationType Payload Payload.$',
  [sendAndWait]: 'QueueUrl MessageBody MessageBody.$',
  [publish]: 'TopicArn Message Message.$',
};

export function checkDefinition(
  definition: Definition,
  functionArns: readonly string[],
  refuse: Refuse,
): void {
  // The validator changes its argument, so it gets a copy.
  const validation = validate(structuredClone(definition));
  if (!validation.isValid) return refuse(validation.errorsText('; '));
  only(definition, 'definition', refuse);
  for (const [name, state] of Object.entries(definition.States))
    checkState(state, functionArns, (finding) => refuse(`state "${name}": ${finding}`));
}

function checkState(state: State, functionArns: readonly string[], refuse: Refuse): void {
  if (!stateTypes.includes(state.Type))
    return refuse(`Type ${state.Type} is not supported, only ${stateTypes.join(', ')}`);
  only(state, state.Type, refuse);
  if (state.Type === 'Fail') checkFail(state, refuse);
  else checkDataFlow(state, refuse);
  if (state.Type === 'Wait') checkWait(state, refuse);
  if (state.Type === 'Task') checkTask(state, functionArns, refuse);
  if (state.Type === 'Pass') {
    checkTemplate(state.Parameters ?? {}, refuse);
    checkResultPath(state, refuse);
  }
  if (state.Type === 'Choice') for (const rule of state.Choices) checkRule(rule, refuse);
}

function checkTask(state: TaskState, functionArns: readonly string[], refuse: Refuse): void {
  const {
    Resource,
    Parameters = {},
    ResultSelector = {},
    TimeoutSecondsPath,
    Retry = [],
    Catch = [],
  } = state;
  if (fields[Resource]) only(Parameters, Resource, refuse);
  else if (!functionArns.includes(Resource))
    refuse(
      `Resource ${Resource} is not supported, only a function of the template, ${invoke}, ${sendAndWait} and ${publish}`,
    );
  if (Resource === invoke) checkInvoke(Parameters, functionArns, refuse);
  checkTemplate(Parameters, refuse);
  checkTemplate(ResultSelector, refuse);
  checkResultPath(state, refuse);
  if (TimeoutSecondsPath !== undefined) checkPath('TimeoutSecondsPath', TimeoutSecondsPath, refuse);
  for (const retrier of Retry) only(retrier, 'Retry', refuse);
  for (const catcher of Catch) {
    only(catcher, 'Catch', refuse);
    checkResultPath(catcher, refuse);
  }
}

/** CDK writes the function's ARN. A call that does not wait for the result (`Event`) is not supported. */
function checkInvoke(
  { FunctionName = '', InvocationType = 'RequestResponse' }: JsonObject,
  functionArns: readonly string[],
  refuse: Refuse,
): void {
  if (!functionArns.some((arn) => arn === FunctionName))
    refuse(`FunctionName ${JSON.stringify(FunctionName)} is not the ARN of a function of the template`);
  if (InvocationType !== 'RequestResponse')
    refuse(`InvocationType ${JSON.stringify(InvocationType)} is not supported, only RequestResponse`);
}

/** asl-validator refuses a state with both a value and its path. */
function checkFail({ ErrorPath, CausePath }: FailState, refuse: Refuse): void {
  for (const [field, path] of Object.entries({ ErrorPath, CausePath }))
    if (path !== undefined) checkPath(field, path, refuse);
}

function checkWait({ Seconds = 0, SecondsPath }: WaitState, refuse: Refuse): void {
  if (!Number.isInteger(Seconds) || Seconds > MAX_SECONDS)
    refuse(`Seconds ${Seconds} is not a whole number from 0 to ${MAX_SECONDS}`);
  if (SecondsPath !== undefined) checkPath('SecondsPath', SecondsPath, refuse);
}

function checkDataFlow({ InputPath = null, OutputPath = null }: DataFlow, refuse: Refuse): void {
  for (const [field, path] of Object.entries({ InputPath, OutputPath }))
    if (path !== null) checkPath(field, path, refuse);
}

function checkResultPath({ ResultPath = '$' }: { ResultPath?: string | null }, refuse: Refuse): void {
  if (ResultPath !== null && !isReferencePath(ResultPath))
    refuse(`ResultPath ${JSON.stringify(ResultPath)} is not supported`);
}

function checkTemplate(template: Json, refuse: Refuse): void {
  if (isList(template)) return template.forEach((item) => checkTemplate(item, refuse));
  if (!isObject(template)) return;
  for (const [key, value] of Object.entries(template)) {
    if (key.endsWith('.$')) checkPath(key, value, refuse);
    else checkTemplate(value, refuse);
  }
}

function checkPath(field: string, path: Json, refuse: Refuse): void {
  if (isReferencePath(path) || (isPath(path) && contextPaths.includes(path))) return;
  const supported = `a path like $, $.a.b or ${contextPaths.join(', ')} is`;
  refuse(`${field} ${JSON.stringify(path)} is not supported: ${supported}`);
}

function checkRule(rule: JsonObject, refuse: Refuse): void {
  const { And, Or, Not, Variable } = rule;
  const lists = [And, Or].filter(isList).flat();
  for (const nested of [...lists, Not]) if (isObject(nested)) checkRule(nested, refuse);
  if (Variable !== undefined) checkPath('Variable', Variable, refuse);
  only(rule, 'choice rule', refuse);
}

function only(from: object, what: string, refuse: Refuse): void {
  const others = membersBeyond(fields[what] ?? '', from);
  if (others.length > 0) refuse(`${what} has ${others.join(', ')}, which is not supported`);
}
