// Stories: scripted runs of the whole workflow that together reach each possible outcome. `cases.ts` plays every story
// once to record its calls, and then plays one story for each case, with one injected fault.
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { ListQueuesCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { GetParameterCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { DescribeExecutionCommand, RedriveExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { ANA, BEN, CHLOE, DANA, type Harness } from './harness.ts';
import { tellMarket } from './tell-market.ts';

const MINUTE = 60_000;

export type Story = (harness: Harness) => Promise<void>;

export const stories: Readonly<Record<string, Story>> = {
  async approved(harness) {
    await harness.says(ANA, '/trade AMZN 10');
    await harness.presses(BEN, harness.withButton('approve'), 'approve');
  },

  async 'approved by two'(harness) {
    const approve = harness.withButton('approve');
    await harness.says(ANA, '/trade AMZN 200');
    await harness.presses(ANA, approve, 'approve');
    await harness.presses(BEN, approve, 'approve');
    await harness.presses(BEN, harness.withButton('undo_approval'), 'undo_approval');
    await harness.presses(CHLOE, approve, 'approve');
    await harness.cloud.advance(6 * MINUTE);
    await harness.presses(DANA, approve, 'approve');
  },

  async 'declined, asked again'(harness) {
    await harness.says(ANA, '/trade AMZN 5');
    await harness.presses(CHLOE, harness.withButton('decline'), 'decline');
    await harness.submits(CHLOE, { reason: 'Not before earnings' });
    await harness.presses(BEN, harness.withButton('resubmit'), 'resubmit');
    await harness.presses(CHLOE, harness.withButton('approve'), 'approve');
  },

  async expired(harness) {
    await harness.start({ symbol: 'MSFT', quantity: 3 });
    await harness.cloud.advance(16 * MINUTE);
  },

  async 'escalated, then approved'(harness) {
    await harness.says(ANA, '/trade NVDA 3');
    // The reconciler escalates within a minute after 11:15.
    await harness.cloud.advance(13 * MINUTE);
    await harness.presses(DANA, harness.withButton('approve'), 'approve');
  },

  async 'failed, refused'(harness) {
    await harness.start({ symbol: 'AMZN', quantity: 0 });
    await harness.start({ symbol: 'NOPE' });
    await harness.says(ANA, '/trade AMZN 100000');
  },

  // Pre-Trade Check has the limit of the deployment, so only a limit that was lowered since refuses the request itself.
  async 'above a lowered limit'(harness) {
    const before = await setTiers(harness, [{ upToUsd: 1, approvals: 1 }]);
    await harness.cloud.advance(MINUTE);
    await harness.says(ANA, '/trade MSFT 2');
    await setTiers(harness, before);
    await harness.cloud.advance(MINUTE);
  },

  async 'the price moves, asked again'(harness) {
    await harness.says(ANA, '/trade buy GOOGL 5');
    await tellMarket(harness.dynamodb, harness, 'GOOGL', { factor: 0.5 });
    await harness.presses(BEN, harness.withButton('approve'), 'approve');
    await harness.presses(ANA, harness.withButton('resubmit'), 'resubmit');
    await harness.presses(BEN, harness.withButton('approve'), 'approve');
    await tellMarket(harness.dynamodb, harness, 'GOOGL', { factor: 1 });
  },

  async 'waits at the broker, filled in part'(harness) {
    await harness.says(ANA, '/trade buy AAPL 10');
    await tellMarket(harness.dynamodb, harness, 'AAPL', { factor: 1.03 });
    await harness.presses(BEN, harness.withButton('approve'), 'approve');
    await harness.cloud.advance(MINUTE);
    await tellMarket(harness.dynamodb, harness, 'AAPL', { factor: 1, shares: 2 });
    await harness.cloud.advance(6 * MINUTE);
    await tellMarket(harness.dynamodb, harness, 'AAPL', { factor: 1 });
  },

  async 'stopped while it waits at the broker, redriven'(harness) {
    await harness.says(ANA, '/trade buy AAPL 6');
    await tellMarket(harness.dynamodb, harness, 'AAPL', { factor: 1.03 });
    await harness.presses(BEN, harness.withButton('approve'), 'approve');
    const [executionArn] = await harness.executions();
    // In some states of the world no execution could be started.
    if (executionArn === undefined) return;
    await harness.cloud.advance(MINUTE);
    await tellMarket(harness.dynamodb, harness, 'AAPL', { factor: 1, shares: 2 });
    await harness.cloud.advance(MINUTE);
    await harness.sfn.send(new StopExecutionCommand({ executionArn }));
    await tellMarket(harness.dynamodb, harness, 'AAPL', { factor: 1 });
    await harness.cloud.advance(3 * MINUTE);
    // Where nobody could approve, the execution may be over in another way.
    const { status } = await harness.sfn.send(new DescribeExecutionCommand({ executionArn }));
    if (status === 'ABORTED') await harness.sfn.send(new RedriveExecutionCommand({ executionArn }));
    await harness.cloud.advance(3 * MINUTE);
  },

  async 'changed while it waits'(harness) {
    await harness.says(ANA, '/trade buy TSLA 5 ioc');
    const [executionArn = ''] = await harness.executions();
    await amend(harness, executionArn, { quantity: 4 });
    await harness.presses(CHLOE, harness.withButton('approve'), 'approve');
  },

  async cancelled(harness) {
    await harness.says(ANA, '/trade NVDA 4');
    const name = await lastName(harness);
    await harness.says(CHLOE, `/trade cancel ${name}`);
    await harness.submits(CHLOE, { reason: 'Lunch' });
  },

  async 'stopped, redriven'(harness) {
    const executionArn = await harness.start({ symbol: 'TSLA', quantity: 2 });
    await harness.sfn.send(new StopExecutionCommand({ executionArn }));
    await harness.cloud.advance(3 * MINUTE);
    await harness.sfn.send(new RedriveExecutionCommand({ executionArn }));
    await harness.cloud.advance(3 * MINUTE);
    await harness.presses(BEN, harness.withButton('approve'), 'approve');
    await harness.presses(CHLOE, harness.withButton('approve'), 'approve');
  },

  async 'looked around'(harness) {
    const { slack } = harness;
    await harness.does(ANA, 'opened the form', () => slack.say(ANA, '/trade'));
    await harness.submits(ANA, { symbol: 'AMZN', quantity: '7' });
    for (const words of ['pending', 'status', 'audit 2026-11', `status ${await lastName(harness)}`])
      await harness.says(CHLOE, `/trade ${words}`);
    await harness.does(CHLOE, 'opened Home', () => slack.openHome(CHLOE));
    const home = (action: string) => () => {
      const shown = slack.home(CHLOE);
      return JSON.stringify(shown ?? {}).includes(`"action_id":"${action}"`) ? shown?.id : undefined;
    };
    await harness.presses(CHLOE, home('settings'), 'settings');
    await harness.submits(CHLOE, { until: '', delegate: DANA });
    await harness.presses(CHLOE, home('approve'), 'approve');
  },

  async 'at a busy time'(harness) {
    for (const method of ['chat.postMessage', 'chat.update'])
      harness.slack.refuse(method, 'ratelimited', { times: 1, retryAfterSeconds: 5 });
    await harness.says(ANA, '/trade AMZN 6');
    await harness.cloud.advance(MINUTE);
    await harness.presses(BEN, harness.withButton('approve'), 'approve');
    await harness.cloud.advance(MINUTE);
  },

  async 'Step Functions away, and nobody presses again'(harness) {
    const pressOnce = async (person: string, action: string) => {
      const message = harness.withButton(action)();
      if (message) await harness.slack.press(person, message, action);
      await harness.cloud.settled();
    };
    await harness.says(ANA, '/trade AMZN 8');
    harness.cloud.refuse('states');
    await pressOnce(BEN, 'approve');
    harness.cloud.stopFailing('states');
    await harness.cloud.advance(3 * MINUTE);
    await harness.says(ANA, '/trade AMZN 9');
    await harness.says(CHLOE, `/trade cancel ${await lastName(harness)}`);
    harness.cloud.refuse('states');
    if (harness.slack.modal(CHLOE)?.submit) await harness.slack.submit(CHLOE, { reason: 'Lunch' });
    await harness.cloud.settled();
    harness.cloud.stopFailing('states');
    await harness.cloud.advance(3 * MINUTE);
  },
};

/** Sets the tiers of the policy, and returns what they were. */
async function setTiers({ ssm }: Harness, tiers: unknown): Promise<unknown> {
  const Name = '/countersign/dev/policies/default';
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name }));
  const policy = JSON.parse(Parameter?.Value ?? '{}');
  await ssm.send(
    new PutParameterCommand({ Name, Value: JSON.stringify({ ...policy, tiers }), Overwrite: true }),
  );
  return policy.tiers;
}

/** As a workflow would that only tightens the terms. Does nothing if nobody was asked. */
async function amend(harness: Harness, executionArn: string, change: object): Promise<void> {
  const { dynamodb, sqs, cloud } = harness;
  const TableName = cloud.outputs['ApprovalsTable'];
  const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName }));
  const asked = Items.map((item) => unmarshall(item)).find((item) => item['executionArn'] === executionArn);
  const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({}));
  const QueueUrl = QueueUrls.find((url) => url.includes('SlackApprovalsRelayedResultsQueue'));
  if (!asked?.['terms']) return;
  const { json, digest } = asked['terms'];
  const request = { ...asked['request'], terms: { ...JSON.parse(json), ...change } };
  const Input = { amendment: { expectedDigest: digest, request } };
  await sqs.send(
    new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify({ ExecutionId: executionArn, Input }) }),
  );
  await cloud.settled();
  await cloud.advance(2_000);
}

async function lastName(harness: Harness): Promise<string> {
  const [last = ''] = await harness.executions();
  return last.split(':').at(-1) ?? '';
}
