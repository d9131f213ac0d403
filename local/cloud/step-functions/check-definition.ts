// Says all that keeps a definition from running here: what asl-validator finds, and what is outside the closed list.
// `startCloud` calls it before anything runs.
import validate from 'asl-validator';
import { asText, isList, isObject, type Json, type JsonObject } from '../json.ts';
import { comparisons } from './choice.ts';
import { publish, sendAndWait } from './definition.ts';
import { isPath, isReferencePath } from './paths.ts';

type Refuse = (finding: string) => void;

const any = ['Type', 'Comment', 'QueryLanguage', 'InputPath', 'OutputPath'];
const fields: Readonly<Record<string, readonly string[]>> = {
  Task: [...any, 'Resource', 'Parameters', 'ResultPath', 'TimeoutSeconds', 'Retry', 'Catch', 'Next', 'End'],
  Pass: [...any, 'Result', 'ResultPath', 'Next', 'End'],
  Choice: [...any, 'Choices', 'Default'],
  Succeed: any,
  Fail: ['Type', 'Comment', 'QueryLanguage', 'Error', 'Cause'],
};
const topLevel = ['Comment', 'QueryLanguage', 'StartAt', 'States', 'TimeoutSeconds', 'Version'];
const taskParameters: Readonly<Record<string, readonly string[]>> = {
  [sendAndWait]: ['QueueUrl', 'QueueUrl.$', 'MessageBody', 'MessageBody.$'],
  [publish]: ['TopicArn', 'TopicArn.$', 'Message', 'Message.$', 'Subject', 'Subject.$'],
};

export function checkDefinition(
  definition: JsonObject,
  functionArns: readonly string[],
  refuse: Refuse,
): void {
  // The validator writes into what it is given.
  const validation = validate(structuredClone(definition));
  if (!validation.isValid) refuse(validation.errorsText('; '));
  only(definition, topLevel, 'the definition', refuse);
  checkLanguage(definition, 'the definition', refuse);
  const states = definition['States'];
  for (const [name, state] of Object.entries(isObject(states) ? states : {})) {
    if (isObject(state)) checkState(state, functionArns, (finding) => refuse(`state "${name}": ${finding}`));
  }
}

function checkState(state: JsonObject, functionArns: readonly string[], refuse: Refuse): void {
  const allowed = fields[asText(state['Type'])];
  if (!allowed) return refuse(`Type ${asText(state['Type'])} is not supported`);
  only(state, allowed, 'it', refuse);
  checkLanguage(state, 'it', refuse);
  checkPaths(state, refuse);
  if (state['Type'] === 'Task') checkTask(state, functionArns, refuse);
  for (const rule of listOf(state['Choices'])) checkRule(rule, refuse);
}

function checkLanguage(from: JsonObject, what: string, refuse: Refuse): void {
  if ((from['QueryLanguage'] ?? 'JSONPath') !== 'JSONPath')
    refuse(`${what} uses JSONata, which is not supported`);
}

function checkPaths(state: JsonObject, refuse: Refuse): void {
  for (const field of ['InputPath', 'OutputPath']) {
    if ((state[field] ?? '$') !== '$' || state[field] === null) refuse(`${field} is only supported as "$"`);
  }
  for (const from of [state, ...listOf(state['Catch'])]) {
    const path = from['ResultPath'] ?? '$';
    if (!isReferencePath(path)) refuse(`ResultPath ${JSON.stringify(path)} is not supported`);
  }
}

function checkTask(state: JsonObject, functionArns: readonly string[], refuse: Refuse): void {
  const resource = asText(state['Resource']);
  const parameters = isObject(state['Parameters']) ? state['Parameters'] : {};
  const allowed = taskParameters[resource];
  if (allowed) only(parameters, allowed, 'Parameters', refuse);
  else if (!functionArns.includes(resource))
    refuse(`Resource ${resource} is no function of the template and not supported`);
  checkTemplate(parameters, refuse);
  for (const retrier of listOf(state['Retry'])) {
    only(
      retrier,
      [
        'ErrorEquals',
        'IntervalSeconds',
        'MaxAttempts',
        'BackoffRate',
        'MaxDelaySeconds',
        'JitterStrategy',
        'Comment',
      ],
      'Retry',
      refuse,
    );
  }
  for (const catcher of listOf(state['Catch']))
    only(catcher, ['ErrorEquals', 'ResultPath', 'Next', 'Comment'], 'Catch', refuse);
}

function checkTemplate(template: Json, refuse: Refuse): void {
  if (isList(template)) return template.forEach((item) => checkTemplate(item, refuse));
  if (!isObject(template)) return;
  for (const [key, value] of Object.entries(template)) {
    if (!key.endsWith('.$')) checkTemplate(value, refuse);
    else if (!isPath(value))
      refuse(`${key} ${JSON.stringify(value)} is not supported: a path like $, $.a.b or $$.Execution.Id is`);
  }
}

function checkRule(rule: JsonObject, refuse: Refuse): void {
  const nested = [
    ...listOf(rule['And']),
    ...listOf(rule['Or']),
    ...(isObject(rule['Not']) ? [rule['Not']] : []),
  ];
  for (const one of nested) checkRule(one, refuse);
  if (rule['Variable'] !== undefined && !isPath(rule['Variable']))
    refuse(`Variable ${JSON.stringify(rule['Variable'])} is not supported`);
  only(
    rule,
    ['And', 'Or', 'Not', 'Variable', 'Next', 'Comment', ...Object.keys(comparisons)],
    'a choice rule',
    refuse,
  );
}

function only(from: JsonObject, allowed: readonly string[], what: string, refuse: Refuse): void {
  const others = Object.keys(from).filter((field) => !allowed.includes(field));
  if (others.length > 0) refuse(`${what} has ${others.join(', ')}, which is not supported`);
}

function listOf(value: Json | undefined): readonly JsonObject[] {
  return isList(value) ? value.filter((item): item is JsonObject => isObject(item)) : [];
}
