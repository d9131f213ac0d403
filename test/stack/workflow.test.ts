// Tests the synthesised definition: valid Amazon States Language, the required state names, and timeouts.
import { readFileSync } from 'node:fs';
import aslValidator from 'asl-validator';
import { Duration, Stack } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { describe, expect, it } from 'vitest';
import { LONGEST_WAIT } from '../../domain/trading/order-work.ts';
import { RequestApproval } from '../../stack/request-approval.ts';
import { resourcesOf, synthesised } from '../support/template.ts';

const [stateMachine] = resourcesOf(synthesised(), 'AWS::StepFunctions::StateMachine');
const text: string = stateMachine?.Properties['DefinitionString'];
const definition = JSON.parse(text);
const seedStates = [
  'Check Stock Price',
  'Generate Buy/Sell recommendation',
  'Request Human Approval',
  'Buy or Sell?',
  'Buy Stock',
  'Sell Stock',
  'Report Result',
];
const addedStates = [
  'Pre-Trade Check',
  'Trade Refused',
  'Approval Expired',
  'Decision Not Understood',
  'Order Done?',
  'Wait For Fill',
  'Check Order',
  'Cancel Order',
];
const orderStates = ['Buy Stock', 'Sell Stock', 'Check Order', 'Cancel Order'];

describe('workflow definition', () => {
  it('is valid Amazon States Language', () => {
    const withArns = text
      .replaceAll('${Partition}', 'aws')
      .replaceAll(/\$\{\w+Arn\}/g, 'arn:aws:lambda:us-east-1:000000000000:function:f');
    const checked = aslValidator(JSON.parse(withArns));
    expect(checked.errorsText()).toBe('');
    expect(checked.isValid).toBe(true);
  });

  it('keeps the required state names and adds those of refusals and decisions', () => {
    expect(Object.keys(definition.States).toSorted()).toEqual([...seedStates, ...addedStates].toSorted());
  });

  it('has the timeouts of the settings, as numbers', () => {
    const { TimeoutSeconds, Parameters } = definition.States['Request Human Approval'];
    // People see the deadline that the message has, and the state waits for its own timeout.
    expect([TimeoutSeconds, Parameters.MessageBody.TimeoutSeconds]).toEqual([900, 900]);
    for (const name of orderStates) expect(definition.States[name].Parameters.WorkSeconds).toBe(300);
  });

  it('has a timeout that is the sum of the longest times of its states', () => {
    // The pauses 5, 10, 20, 40 and 246 times 60 seconds; and 2, 4, 8, 16 and 26 times 30 seconds. Each attempt: 30 seconds.
    const order = 30 + (75 + 246 * 60 + 250 * 30) + (30 + 26 * 30 + 30 * 30);
    const check = 30 + (30 + 26 * 30 + 30 * 30);
    const five = 2 + 4 + 8 + 16 + 30;
    const longest = {
      'Check Stock Price': check,
      'Generate Buy/Sell recommendation': 30 + five + 5 * 30,
      'Pre-Trade Check': check,
      // Each attempt can wait for people as long as the first.
      'Request Human Approval': 900 + five + 5 * 900,
      'Buy Stock': order,
      'The working time and the last wait': 300 + LONGEST_WAIT,
      'Check Order': order,
      'Cancel Order': order,
      'Report Result': 30 + five + 5 * 30,
    };
    expect(definition.TimeoutSeconds).toBe(Object.values(longest).reduce((sum, each) => sum + each, 0));
  });

  it('waits, checks and cancels until an order is over', () => {
    const states = definition.States;
    for (const name of ['Buy Stock', 'Sell Stock', 'Check Order'])
      expect(states[name].Next).toBe('Order Done?');
    expect(states['Order Done?'].Choices).toEqual([
      { Variable: '$.result', IsPresent: true, Next: 'Report Result' },
      { Variable: '$.order.next', StringEquals: 'cancel', Next: 'Cancel Order' },
    ]);
    expect(states['Order Done?'].Default).toBe('Wait For Fill');
    expect(states['Wait For Fill']).toEqual({
      Type: 'Wait',
      SecondsPath: '$.order.waitSeconds',
      Next: 'Check Order',
    });
    expect(states['Cancel Order'].Next).toBe('Report Result');
  });

  it('has a timeout in every task and a value for every substitution', () => {
    const tasks = Object.values<{ Type: string; TimeoutSeconds?: number }>(definition.States).filter(
      ({ Type }) => Type === 'Task',
    );
    for (const { TimeoutSeconds } of tasks) expect(TimeoutSeconds).toBeGreaterThan(0);
    const used = [...text.matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => name);
    expect(Object.keys(stateMachine?.Properties['DefinitionSubstitutions']).toSorted()).toEqual(
      [...new Set(used)].toSorted(),
    );
  });

  it('retries transient Lambda errors with jitter in every state that invokes a function', () => {
    const file = JSON.parse(readFileSync('stack/trading/workflow.asl.json', 'utf8'));
    const all: readonly { readonly MaxAttempts: number }[] = [...seedStates, ...addedStates].flatMap(
      (name) => file.States[name].Retry ?? [],
    );
    const retries = all.filter(({ MaxAttempts }) => MaxAttempts > 0);
    expect(retries).toHaveLength(13);
    for (const retry of retries) expect(retry).toMatchObject({ JitterStrategy: 'FULL', BackoffRate: 2 });
  });

  it('retries the request after errors of SQS only, because any other error is final', () => {
    const { Retry } = definition.States['Request Human Approval'];
    expect(Retry).toMatchObject([
      { ErrorEquals: ['SQS.SdkClientException', 'SQS.AmazonSQSException'], MaxAttempts: 5 },
    ]);
  });

  it('has the same request state as the construct', () => {
    const stack = new Stack();
    const requests = { queue: new Queue(stack, 'Queue') };
    const policies = { timeout: () => Duration.seconds(900), check: () => {} };
    const ask = new RequestApproval(stack, 'Ask', { approvals: { requests, policies } });
    const built = ask.startState.toStateJson();
    const { Parameters, Retry, TimeoutSeconds } = definition.States['Request Human Approval'];
    const [{ Comment: _comment, ...retry }] = Retry;
    expect(built).toMatchObject({ TimeoutSeconds, ResultPath: '$.approval', Retry: [retry] });
    expect(built).toHaveProperty('Parameters.MessageBody', Parameters.MessageBody);
  });

  it.each(orderStates)(
    'retries %s after any error that is not final, and for two hours if it is unknown',
    (name) => {
      const [final, unknown, other] = definition.States[name].Retry;
      expect(final).toMatchObject({
        ErrorEquals: ['NotApproved', 'InvalidInput', 'OrderMismatch'],
        MaxAttempts: 0,
      });
      expect(unknown.ErrorEquals).toContain('OrderUnknown');
      expect(unknown).toMatchObject({ MaxAttempts: 250, MaxDelaySeconds: 60 });
      expect(other).toMatchObject({ ErrorEquals: ['States.ALL'], MaxAttempts: 30, MaxDelaySeconds: 30 });
    },
  );

  it.each([
    ['Check Stock Price', ['InvalidInput', 'TradeRefused']],
    ['Pre-Trade Check', ['InvalidInput', 'TradeRefused']],
  ])('retries %s for some minutes after any error that is not final', (name, final) => {
    const [first, second] = definition.States[name].Retry;
    expect(first).toMatchObject({ ErrorEquals: final, MaxAttempts: 0 });
    expect(second).toMatchObject({ ErrorEquals: ['States.ALL'], MaxAttempts: 30, MaxDelaySeconds: 30 });
  });
});
