// The state machines of the conformance stack, each as small as its cases allow. `stack.ts` creates them, and replaces
// `${…}`.

const sendAndWait = {
  Type: 'Task',
  Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
  Parameters: {
    QueueUrl: '${QueueUrl}',
    MessageBody: {
      'marker.$': '$.marker',
      'token.$': '$$.Task.Token',
      'execution.$': '$$.Execution.Id',
      'name.$': '$$.Execution.Name',
      'state.$': '$$.State.Name',
      'entered.$': '$$.State.EnteredTime',
    },
  },
};

const publish = { Type: 'Task', Resource: 'arn:aws:states:::sns:publish' };
const work = { Type: 'Task', Resource: '${WorkArn}' };
const invoke = { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke' };
const end = { Type: 'Succeed' };

/** Creates a definition that starts at the first of these states. */
function definition(states: object, more: object = {}): object {
  return { StartAt: Object.keys(states)[0], ...more, States: states };
}

export const machines: Readonly<Record<string, object>> = {
  Pass: definition({ Pass: { Type: 'Pass', Result: { Arg1: 'argument1' }, End: true } }),
  Fail: definition({ Fail: { Type: 'Fail', Error: 'FailsAlways', Cause: 'It is a Fail state.' } }),
  FailFromInput: definition({ Fail: { Type: 'Fail', ErrorPath: '$.Error', CausePath: '$.Cause' } }),
  Wait: definition({ Wait: { Type: 'Wait', SecondsPath: '$.seconds', End: true } }),
  Ask: definition({ Ask: { ...sendAndWait, ResultPath: '$.answer', End: true } }),
  AskAndCatch: definition({
    Ask: {
      ...sendAndWait,
      Catch: [
        { ErrorEquals: ['States.Runtime'], ResultPath: '$.runtime', Next: 'Caught' },
        { ErrorEquals: ['States.ALL'], ResultPath: '$.caught', Next: 'Caught' },
      ],
      End: true,
    },
    Caught: end,
  }),
  AskBriefly: definition({ Ask: { ...sendAndWait, TimeoutSeconds: 5, End: true } }),
  AskTwice: definition({
    Ask: {
      ...sendAndWait,
      TimeoutSeconds: 5,
      Retry: [{ ErrorEquals: ['States.Timeout'], IntervalSeconds: 1, MaxAttempts: 1 }],
      ResultPath: '$.answer',
      End: true,
    },
  }),
  Limited: definition({ Ask: { ...sendAndWait, End: true } }, { TimeoutSeconds: 5 }),
  Work: definition({
    Work: {
      ...work,
      Retry: [
        {
          ErrorEquals: ['Again'],
          IntervalSeconds: 1,
          MaxAttempts: 2,
          BackoffRate: 1,
          JitterStrategy: 'NONE',
        },
      ],
      Catch: [
        { ErrorEquals: ['Known'], ResultPath: '$.known', Next: 'Caught' },
        { ErrorEquals: ['States.DataLimitExceeded'], ResultPath: '$.tooLarge', Next: 'Caught' },
        { ErrorEquals: ['States.TaskFailed'], ResultPath: '$.taskFailed', Next: 'Caught' },
      ],
      End: true,
    },
    Caught: end,
  }),
  WorkBriefly: definition({
    Work: {
      ...work,
      TimeoutSeconds: 1,
      Catch: [{ ErrorEquals: ['States.TaskFailed'], Next: 'Caught' }],
      End: true,
    },
    Caught: end,
  }),
  MissingPath: definition({
    Work: {
      ...work,
      Parameters: { 'value.$': '$.no_such_jsonpath' },
      Retry: [{ ErrorEquals: ['States.ALL'] }],
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }],
      End: true,
    },
    Caught: end,
  }),
  Invoke: definition({
    Invoke: {
      ...invoke,
      Parameters: { FunctionName: '${WorkArn}', 'Payload.$': '$.payload' },
      End: true,
    },
  }),
  InvokeInTime: definition({
    Invoke: {
      ...invoke,
      Parameters: { FunctionName: '${WorkArn}', 'Payload.$': '$.payload' },
      TimeoutSecondsPath: '$.seconds',
      Catch: [{ ErrorEquals: ['States.TaskFailed'], Next: 'Caught' }],
      End: true,
    },
    Caught: end,
  }),
  InvokeForPayload: definition({
    Invoke: {
      ...invoke,
      Parameters: { FunctionName: '${WorkArn}', 'Payload.$': '$' },
      Catch: [
        { ErrorEquals: ['States.DataLimitExceeded'], ResultPath: '$.tooLarge', Next: 'Caught' },
        { ErrorEquals: ['States.TaskFailed'], ResultPath: '$.caught', Next: 'Caught' },
      ],
      OutputPath: '$.Payload',
      End: true,
    },
    Caught: end,
  }),
  Ordered: definition({
    Work: {
      ...work,
      Parameters: { 'TaskToken.$': '$.v', 'arg1.$': '$.v', 'arg2.$': '$.v', returns: 'in order', first: 1 },
      End: true,
    },
  }),
  EmptyMessage: definition({
    Send: {
      ...sendAndWait,
      Parameters: { QueueUrl: '${QueueUrl}', 'MessageBody.$': '$.body' },
      Catch: [
        { ErrorEquals: ['SQS.SdkClientException'], ResultPath: '$.client', Next: 'Caught' },
        { ErrorEquals: ['SQS.AmazonSQSException'], ResultPath: '$.service', Next: 'Caught' },
      ],
      End: true,
    },
    Caught: end,
  }),
  Publish: definition({
    Publish: { ...publish, Parameters: { TopicArn: '${TopicArn}', 'Message.$': '$.message' }, End: true },
  }),
  PublishToNobody: definition({
    Publish: { ...publish, Parameters: { TopicArn: '${TopicArn}x', 'Message.$': '$.message' }, End: true },
  }),
  Choose: definition({
    Choose: {
      Type: 'Choice',
      Choices: [
        { Variable: '$.side', StringEquals: 'buy', Next: 'Buy' },
        {
          And: [
            { Variable: '$.note', IsPresent: true },
            { Not: { Variable: '$.note', StringEquals: 'none' } },
          ],
          Next: 'Noted',
        },
      ],
      Default: 'Neither',
    },
    Buy: { Type: 'Pass', Result: 'buy', End: true },
    Noted: { Type: 'Pass', Result: 'noted', End: true },
    Neither: { Type: 'Pass', Result: 'neither', End: true },
  }),
  ChooseOnly: definition({
    Choose: { Type: 'Choice', Choices: [{ Variable: '$.side', StringEquals: 'buy', Next: 'Buy' }] },
    Buy: end,
  }),
  SelectInput: definition({
    Pass: {
      Type: 'Pass',
      InputPath: '$.initial',
      Parameters: { given: 'value', 'taken.$': '$.field' },
      ResultPath: '$.added',
      End: true,
    },
  }),
  SelectNothing: definition({
    Pass: { Type: 'Pass', InputPath: null, Parameters: { 'from.$': '$' }, End: true },
  }),
  MissingOutput: definition({ Pass: { Type: 'Pass', OutputPath: '$.NoSuchOutputPath', End: true } }),
  Place: definition({
    Place: { Type: 'Pass', Result: 1, ResultPath: '$.a.b', Next: 'Drop' },
    Drop: { Type: 'Pass', Result: 2, ResultPath: null, End: true },
  }),
};
