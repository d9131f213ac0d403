// Tests the order of the members that a payload template fills.
import { describe, expect, it } from 'vitest';
import { fill } from '../../../../../local/cloud/services/step-functions/paths.ts';

const filled = (...keys: readonly string[]) =>
  Object.keys(Object(fill(Object.fromEntries(keys.map((key) => [key, '$'])), 1, {})));

describe('fill', () => {
  // Recorded at AWS: see docs/local-emulators.md.
  it.each([
    [['QueueUrl.$', 'MessageBody'], 'MessageBody QueueUrl'],
    [['QueueUrl.$', 'MessageBody.$'], 'QueueUrl MessageBody'],
    [['Question.$', 'Answer.$'], 'Answer Question'],
    [['TopicArn.$', 'Message.$', 'MessageAttributes'], 'MessageAttributes TopicArn Message'],
    [['TaskToken.$', 'arg1.$', 'arg2.$'], 'arg2 arg1 TaskToken'],
    [['Context.$', 'TaskToken.$'], 'Context TaskToken'],
    [
      ['TableName.$', 'Key.$', 'UpdateExpression.$', 'ExpressionAttributeValues.$', 'ReturnValues'],
      'ReturnValues TableName UpdateExpression Key ExpressionAttributeValues',
    ],
    [
      ['ApiEndpoint.$', 'Method.$', 'Path.$', 'Stage.$', 'RequestBody.$', 'Headers.$'],
      'Path Headers Stage ApiEndpoint Method RequestBody',
    ],
  ])('puts the members %j in the order of AWS: %s', (keys, recorded) => {
    expect(filled(...keys).join(' ')).toBe(recorded);
  });

  it('keeps the order of AWS for more than 12 paths', () => {
    const keys =
      'context_object execution execution_id execution_input execution_name execution_rolearn execution_starttime ' +
      'state state_enteredtime state_name statemachine statemachine_id statemachine_name';
    const recorded =
      'execution execution_rolearn execution_name statemachine_id execution_id execution_input execution_starttime ' +
      'state_name state_enteredtime statemachine state context_object statemachine_name';
    expect(filled(...keys.split(' ').map((key) => `${key}.$`)).join(' ')).toBe(recorded);
  });
});
