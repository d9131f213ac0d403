// Tests what docs/operations/runbook.md tells an operator to do: fix an empty secret and redrive dead letters.
import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { GetQueueAttributesCommand, StartMessageMoveTaskCommand } from '@aws-sdk/client-sqs';
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ANA, BEN, CHLOE, openTradingDesk, operator, type TradingDesk } from '../support/trading-desk.ts';

let desk: TradingDesk;
let secrets: SecretsManagerClient;

beforeAll(async () => {
  desk = await openTradingDesk();
  secrets = new SecretsManagerClient({ ...operator, endpoint: desk.cloud.url });
});

afterAll(async () => {
  secrets.destroy();
  await desk.stop();
});

const MINUTE = 60_000;

const deadLetters = async () => {
  const QueueUrl = await desk.queueUrl('RelayedResultsDeadLetters');
  const { Attributes } = await desk.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
  );
  return { arn: Attributes?.['QueueArn'] ?? '', count: Attributes?.['ApproximateNumberOfMessages'] };
};

describe('operating', () => {
  it('answers 503 without a secret, posts requests once it is set, and redrives the dead letters of results', async () => {
    const SecretId = desk.cloud.outputs['SecretName'];
    const { SecretString: good } = await secrets.send(new GetSecretValueCommand({ SecretId }));
    const stopped = await desk.ask('/trade AMZN 5');
    const executionArn = await desk.lastExecution();
    await secrets.send(new PutSecretValueCommand({ SecretId, SecretString: '{}' }));
    // The functions read the secret every five minutes.
    await desk.cloud.advance(5 * MINUTE);
    await desk.sfn.send(new StopExecutionCommand({ executionArn, error: 'Stopped' }));
    await desk.cloud.advance(8 * MINUTE);

    expect((await desk.slack.say(ANA, '/trade AMZN 10')).status).toBe(503);
    await desk.start({ symbol: 'NVDA', quantity: 3 });
    await desk.cloud.advance(12 * MINUTE + 1_000);
    expect(await deadLetters()).toMatchObject({ count: '1' });
    expect(desk.posts()).toHaveLength(1);
    const lines = desk.events
      .filter(({ event }) => event === 'function_logged')
      .map(({ line }) => String(line));
    expect(lines.filter((line) => line.includes('UnreadableSecret')).length).toBeGreaterThan(1);
    expect(lines.find((line) => line.includes('secret_unreadable'))).toContain('put both values there');

    await secrets.send(new PutSecretValueCommand({ SecretId, SecretString: good }));
    await desk.sqs.send(new StartMessageMoveTaskCommand({ SourceArn: (await deadLetters()).arn }));
    await desk.cloud.advance(2 * MINUTE);
    expect(await deadLetters()).toMatchObject({ count: '0' });
    expect(desk.replies(stopped).map(({ text }) => text)).toEqual([expect.stringContaining('*Cancelled: ')]);
    const asked = desk.posts().at(-1);
    expect(asked?.text).toMatch(/^Pending: (Buy|Sell) 3 NVDA/);
    for (const person of [BEN, CHLOE]) if (asked) await desk.press(person, asked, 'approve');
    expect(desk.posts().at(-1)?.text).toMatch(/^Filled/);
    expect((await desk.slack.say(ANA, '/trade help')).status).toBe(200);
  });

  it('accepts a changed signing secret after five minutes, without a deployment', async () => {
    const SecretId = desk.cloud.outputs['SecretName'];
    const { SecretString: good = '{}' } = await secrets.send(new GetSecretValueCommand({ SecretId }));
    const other = JSON.stringify({ ...JSON.parse(good), signingSecret: 'another' });
    await secrets.send(new PutSecretValueCommand({ SecretId, SecretString: other }));
    await desk.cloud.advance(300_000);
    expect((await desk.slack.say(ANA, '/trade help')).status).toBe(401);
    await secrets.send(new PutSecretValueCommand({ SecretId, SecretString: good }));
    await desk.cloud.advance(300_000);
    expect((await desk.slack.say(ANA, '/trade help')).status).toBe(200);
  });

  it('asks nobody if dead letters are redriven after their deadline', async () => {
    const before = desk.slack.messages().length;
    await desk.ask('/trade MSFT 4');
    await desk.redeliver('Requests');
    await desk.cloud.advance(901_000);
    await desk.redeliver('Requests');
    expect(
      desk.slack
        .messages()
        .slice(before)
        .filter(({ text }) => text.includes('4 MSFT') && text.includes('Needs approval from')),
    ).toEqual([]);
  });
});
