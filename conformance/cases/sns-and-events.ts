// SNS and EventBridge: how topics and rules deliver to queues.
import { PublishCommand } from '@aws-sdk/client-sns';
import type { Aws } from '../aws.ts';
import { ended, received, refusal, start } from '../calls.ts';
import { page, snapshot, type Case } from '../case.ts';

const sns = snapshot('sns/test_sns');
const statusChanges = snapshot('stepfunctions/v2/base/test_base');

const publish = (aws: Aws, Message: string, TopicArn = aws.name('TopicArn')) =>
  aws.topics.send(new PublishCommand({ TopicArn, Message }));

/** The event about an execution's change to this status, without what differs at each run. */
async function statusChange(aws: Aws, executionArn: string, status: string) {
  const name = executionArn.split(':').at(-1);
  const { body } = await received(aws, `${name} ${status}`, 1, 120);
  const {
    id: _id,
    account: _account,
    time: _time,
    region: _region,
    resources,
    detail,
    ...rest
  } = JSON.parse(body);
  const { executionArn: arn, stateMachineArn: _machine, name: _name, startDate, stopDate, ...told } = detail;
  return {
    ...rest,
    isAbout: arn === executionArn && resources[0] === executionArn,
    dates: [typeof startDate, stopDate === null ? null : typeof stopDate],
    detail: told,
  };
}

const envelope = {
  version: '0',
  'detail-type': 'Step Functions Execution Status Change',
  source: 'aws.states',
  isAbout: true,
};
const about = {
  input: '{}',
  inputDetails: { included: true },
  stateMachineVersionArn: null,
  stateMachineAliasArn: null,
  redriveCount: 0,
  redriveDate: null,
};

export const snsAndEventCases: readonly Case[] = [
  {
    name: 'raw delivery puts the published message unchanged into the queue',
    source: page('sns/latest/dg/sns-large-payload-raw-message-delivery.html'),
    async calls(aws) {
      const marker = aws.unique('raw');
      const message = JSON.stringify({ marker, text: 'ü & <b> "x"\n' });
      await publish(aws, message);
      const record = await received(aws, marker);
      return { isSame: record.body === message, messageAttributes: record['messageAttributes'] };
    },
    answer: { isSame: true, messageAttributes: {} },
  },
  {
    name: 'Publish refuses an empty message and a TopicArn that is not an ARN as InvalidParameter',
    source: sns,
    calls: async (aws) => [await refusal(publish(aws, '')), await refusal(publish(aws, 'x', 'randomstring'))],
    answer: ['InvalidParameter', 'InvalidParameter'],
  },
  {
    name: 'Publish refuses a message of more than 262,144 bytes as InvalidParameter',
    source: sns,
    calls: (aws) => refusal(publish(aws, 'x'.repeat(262_145))),
    answer: 'InvalidParameter',
  },
  {
    name: 'Publish to a topic that does not exist is NotFound',
    source: sns,
    calls: (aws) => refusal(publish(aws, 'x', `${aws.name('TopicArn')}fake`)),
    answer: 'NotFound',
  },
  {
    name: 'an execution that starts and succeeds sends two status changes, with input and output',
    source: statusChanges,
    async calls(aws) {
      const executionArn = await start(aws, 'Pass');
      await ended(aws, executionArn);
      return [
        await statusChange(aws, executionArn, 'RUNNING'),
        await statusChange(aws, executionArn, 'SUCCEEDED'),
      ];
    },
    answer: [
      {
        ...envelope,
        dates: ['number', null],
        detail: {
          ...about,
          status: 'RUNNING',
          output: null,
          outputDetails: null,
          error: null,
          cause: null,
          redriveStatus: 'NOT_REDRIVABLE',
          redriveStatusReason: 'Execution is RUNNING and cannot be redriven',
        },
      },
      {
        ...envelope,
        dates: ['number', 'number'],
        detail: {
          ...about,
          status: 'SUCCEEDED',
          output: '{"Arg1":"argument1"}',
          outputDetails: { included: true },
          error: null,
          cause: null,
          redriveStatus: 'NOT_REDRIVABLE',
          redriveStatusReason: 'Execution is SUCCEEDED and cannot be redriven',
        },
      },
    ],
  },
  {
    name: 'the status change of a failed execution has its error and cause',
    source: page('step-functions/latest/dg/eventbridge-integration.html'),
    async calls(aws) {
      const executionArn = await start(aws, 'Fail');
      await ended(aws, executionArn);
      const { detail } = await statusChange(aws, executionArn, 'FAILED');
      const { status, error, cause, output, redriveStatus } = detail;
      return { status, error, cause, output, redriveStatus };
    },
    answer: {
      status: 'FAILED',
      error: 'FailsAlways',
      cause: 'It is a Fail state.',
      output: null,
      redriveStatus: 'REDRIVABLE',
    },
  },
  {
    name: 'a rule with a rate sends a Scheduled Event that names the rule',
    source: snapshot('events/test_events_schedule'),
    async calls(aws) {
      const { body } = await received(aws, 'Scheduled Event', 1, 180);
      const { id: _id, account: _account, time, region: _region, resources, ...rest } = JSON.parse(body);
      return { ...rest, isRule: /:rule\//.test(resources[0]), isTime: /^\d{4}-.*:\d\dZ$/.test(time) };
    },
    answer: {
      version: '0',
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      detail: {},
      isRule: true,
      isTime: true,
    },
  },
];
