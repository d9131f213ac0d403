// The fence: what a template or a definition holds beyond the closed list is refused at the start, by name.
import { expect, it } from 'vitest';
import { getAtt, machine, startWorld, type Resources } from './world.ts';

async function refusal(resources: Resources): Promise<string> {
  const started = startWorld({ functions: { Work: 'export const handler = async () => {};' }, resources });
  return started.then(
    () => 'started',
    (error: Error) => error.message,
  );
}

const task = { Type: 'Task', Resource: '${Work}', End: true };
const substitutions = { Work: getAtt('Work', 'Arn') };
const states = (all: object) => machine(all, { substitutions });

it.each<[string, Resources]>([
  ['AWS::S3::Bucket Files: resource type is not supported', { Files: { Type: 'AWS::S3::Bucket' } }],
  [
    'property FifoQueue is not supported',
    { Queue: { Type: 'AWS::SQS::Queue', Properties: { FifoQueue: true } } },
  ],
  ['Condition is not supported', { Queue: { Type: 'AWS::SQS::Queue', Condition: 'IsProd' } }],
  [
    'intrinsic function Fn::If',
    { Queue: { Type: 'AWS::SQS::Queue', Properties: { DelaySeconds: { 'Fn::If': ['a', 1, 2] } } } },
  ],
  [
    'Fn::GetAtt of Work.SnapStart',
    { Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: getAtt('Work', 'SnapStart') } } },
  ],
  [
    'InvokeMode RESPONSE_STREAM',
    {
      Url: {
        Type: 'AWS::Lambda::Url',
        Properties: {
          AuthType: 'NONE',
          InvokeMode: 'RESPONSE_STREAM',
          TargetFunctionArn: getAtt('Work', 'Arn'),
        },
      },
    },
  ],
  ['Runtime nodejs20.x', { Work: { Type: '', Properties: { Runtime: 'nodejs20.x' } } }],
  [
    'EventPattern status holds more than exact strings',
    {
      Rule: {
        Type: 'AWS::Events::Rule',
        Properties: { EventPattern: { detail: { status: [{ prefix: 'F' }] } } },
      },
    },
  ],
  ['Type Wait is not supported', states({ Wait: { Type: 'Wait', Seconds: 1, End: true } })],
  ['JSONata', states({ Work: { ...task, QueryLanguage: 'JSONata' } })],
  ['HeartbeatSeconds', states({ Work: { ...task, HeartbeatSeconds: 1 } })],
  ['InputPath is only supported as "$"', states({ Work: { ...task, InputPath: '$.a' } })],
  [
    'id.$ "States.UUID()" is not supported',
    states({ Work: { ...task, Parameters: { 'id.$': 'States.UUID()' } } }),
  ],
  ['item.$ "$.a[0]" is not supported', states({ Work: { ...task, Parameters: { 'item.$': '$.a[0]' } } })],
  [
    'a choice rule has StringMatches',
    states({
      Which: { Type: 'Choice', Choices: [{ Variable: '$.a', StringMatches: 'a*', Next: 'Work' }] },
      Work: task,
    }),
  ],
  [
    'arn:aws:states:::dynamodb:putItem is no function',
    states({ Work: { ...task, Resource: 'arn:aws:states:::dynamodb:putItem' } }),
  ],
  ['MISSING_TRANSITION_TARGET', states({ Work: { Type: 'Pass', Next: 'Nowhere' } })],
])('%s', async (finding, resources) => {
  expect(await refusal(resources)).toContain(finding);
});

it('says all findings at once', async () => {
  const message = await refusal({
    Files: { Type: 'AWS::S3::Bucket' },
    Queue: { Type: 'AWS::SQS::Queue', Properties: { FifoQueue: true } },
    ...states({ Wait: { Type: 'Wait', Seconds: 1, End: true } }),
  });
  expect(message.split('\n')).toEqual([
    'The local cloud cannot run Small:',
    '  - AWS::S3::Bucket Files: resource type is not supported',
    '  - AWS::SQS::Queue Queue: property FifoQueue is not supported',
    '  - state machine machine: state "Wait": Type Wait is not supported',
  ]);
});
