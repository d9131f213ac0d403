// Tests that the copies of the audit show what somebody changed in its table, that nobody can rewrite a copy, and that
// outages lose none.
import { storedApproval } from '../support/stored-approval.ts';
import {
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import {
  DeleteObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { RedriveExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Result } from '../../domain/approval.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BEN, CHLOE, openTradingDesk, operator, type TradingDesk } from '../support/trading-desk.ts';
import { exportedEntries, verifyAudit } from '../support/audit-commands.ts';

const MINUTE = 60_000;
let desk: TradingDesk;
let dynamodb: DynamoDBClient;
let s3: S3Client;

beforeAll(async () => {
  desk = await openTradingDesk();
  dynamodb = new DynamoDBClient({ ...operator, endpoint: desk.cloud.url });
  s3 = new S3Client({ ...operator, endpoint: desk.cloud.url });
});

afterAll(async () => {
  dynamodb.destroy();
  s3.destroy();
  await desk.stop();
});

describe('copies of the audit', () => {
  const today = () => new Date(desk.clock.now()).toISOString().slice(0, 10);
  const verify = () => verifyAudit(desk.cloud, '--from', today().slice(0, 8).concat('01'), '--to', today());
  const TableName = () => desk.cloud.outputs['AuditTable'] ?? '';
  const Bucket = () => desk.cloud.outputs['AuditBucket'] ?? '';

  /** All entries of the month as they are stored. */
  async function items() {
    const month = today().slice(0, 7);
    const query = new QueryCommand({
      TableName: TableName(),
      KeyConditionExpression: '#month = :month',
      ExpressionAttributeNames: { '#month': 'month' },
      ExpressionAttributeValues: marshall({ ':month': month }),
    });
    return ((await dynamodb.send(query)).Items ?? []).map((item) => unmarshall(item));
  }
  const put = (item: object) =>
    dynamodb.send(new PutItemCommand({ TableName: TableName(), Item: marshall(item) }));

  it('equal every entry of the table a few minutes later', async () => {
    const message = await desk.ask('/trade AMZN 2');
    await desk.press('U0EVE', message, 'approve');
    await desk.press(BEN, message, 'approve');
    await desk.cloud.advance(3 * MINUTE);
    const { code, printed } = await verify();
    expect(printed).toMatch(
      new RegExp(`^${(await items()).length} entries equal their copies\\. No differences\\.\n$`),
    );
    expect(code).toBe(0);
  });

  it('show what an administrator changed, removed and inserted in the table', async () => {
    const all = await items();
    const approved = all.find(({ action, by }) => action === 'approved' && by === BEN);
    const refused = all.find(({ action, by }) => action === 'was_refused' && by === 'U0EVE');
    const { month, id } = refused ?? {};
    await put({ ...approved, by: 'U0EVE' });
    await dynamodb.send(new DeleteItemCommand({ TableName: TableName(), Key: marshall({ month, id }) }));
    // Older than the time that a copy may take, also by the clock of this machine.
    const at = `${month}-01T00:00:00.000Z`;
    await put({ ...approved, at, id: `${at} approval-0-0`, name: 'approval-0-0', by: CHLOE });
    await desk.cloud.advance(3 * MINUTE);
    const { code, printed } = await verify();
    const name = approved?.['executionArn'].split(':').at(-1);
    expect(printed.split('\n').toSorted()).toEqual([
      '',
      `${all.length - 2} entries equal their copies. 3 differences.`,
      `changed: ${approved?.['at']} approved by U0BEN in ${name}. by is "U0EVE" in the table, and "U0BEN" in the copy.`,
      `no copy: ${at} approved by U0CHLOE in ${name}. The table has this entry, but the bucket has no copy of it.`,
      `removed: ${refused?.['at']} was_refused by U0EVE in ${refused?.['executionArn'].split(':').at(-1)}. The bucket has a copy, but the table has no such entry.`,
    ]);
    expect(code).toBe(1);
    for (const item of [approved ?? {}, refused ?? {}]) await put(item);
    await dynamodb.send(
      new DeleteItemCommand({
        TableName: TableName(),
        Key: marshall({ month, id: `${at} approval-0-0` }),
      }),
    );
    expect((await verify()).code).toBe(0);
  });

  it('cannot be added, replaced or deleted by an administrator', async () => {
    const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: Bucket() }));
    const [{ Key = '', VersionId = '' } = {}] = Versions;
    const denied = expect.objectContaining({ name: 'AccessDenied' });
    for (const attempt of [
      new PutObjectCommand({ Bucket: Bucket(), Key, Body: '{}' }),
      new PutObjectCommand({ Bucket: Bucket(), Key: `${Key}.json`, Body: '{}', IfNoneMatch: '*' }),
    ])
      await expect(s3.send(attempt)).rejects.toEqual(denied);
    for (const attempt of [
      new DeleteObjectCommand({ Bucket: Bucket(), Key }),
      new DeleteObjectCommand({ Bucket: Bucket(), Key, VersionId }),
      new DeleteObjectCommand({ Bucket: Bucket(), Key, VersionId, BypassGovernanceRetention: true }),
    ])
      await expect(s3.send(attempt)).rejects.toEqual(denied);
    expect((await verify()).code).toBe(0);
  });

  it('exist for both ends of an execution that failed while S3 was away, and was redriven', async () => {
    const message = await desk.ask('/trade AMZN 2');
    const executionArn = await desk.lastExecution();
    desk.cloud.refuse('s3');
    await desk.sfn.send(new StopExecutionCommand({ executionArn }));
    await desk.cloud.settled();
    await desk.sfn.send(new RedriveExecutionCommand({ executionArn }));
    await desk.cloud.settled();
    const again = desk.posts().at(-1) ?? message;
    await desk.press(BEN, again, 'approve');
    desk.cloud.stopFailing('s3');
    await desk.cloud.advance(5 * MINUTE);
    const ends = (await exportedEntries(desk.cloud, '--execution', executionArn)).filter(
      ({ action }) => action === 'ended',
    );
    expect(ends.map(({ result }) => (result as Result).outcome)).toEqual(['cancelled', 'done']);
    expect(await verify()).toMatchObject({ code: 0 });
  });

  it('exist although Slack refuses the message', async () => {
    const message = await desk.ask('/trade AMZN 2');
    for (const method of ['chat.postMessage', 'chat.update']) desk.slack.refuse(method, 'is_archived');
    await desk.press(BEN, message, 'approve');
    await desk.cloud.advance(3 * MINUTE);
    expect((await verify()).code).toBe(0);
    for (const method of ['chat.postMessage', 'chat.update']) desk.slack.stopFailing(method);
    await desk.cloud.advance(30 * MINUTE);
  });

  it('contain no step that somebody added to a finished approval', async () => {
    const message = await desk.ask('/trade AMZN 2');
    const executionArn = await desk.lastExecution();
    await desk.press(BEN, message, 'approve');
    await desk.cloud.advance(3 * MINUTE);
    const before = (await items()).length;
    const { execution, id, history } = await storedApproval(desk.cloud, executionArn);
    const forged = { action: 'approved', by: CHLOE, at: history[0].at };
    await dynamodb.send(
      new UpdateItemCommand({
        TableName: desk.cloud.outputs['ApprovalsTable'],
        Key: marshall({ execution, id }),
        UpdateExpression: 'SET history = :history, #open = :yes, reopened = :true, nextCheckAt = :past',
        ExpressionAttributeNames: { '#open': 'open' },
        ExpressionAttributeValues: marshall({
          ':history': [forged, ...history],
          ':yes': 'yes',
          ':true': true,
          ':past': '2026-01-01T00:00:00.000Z',
        }),
      }),
    );
    await desk.cloud.advance(3 * MINUTE);
    expect(await items()).toHaveLength(before);
    expect((await verify()).code).toBe(0);
  });

  it('wait for S3, and people are told the result meanwhile', async () => {
    const message = await desk.ask('/trade AMZN 2');
    desk.cloud.refuse('s3');
    await desk.press(BEN, message, 'approve');
    await desk.cloud.advance(3 * MINUTE);
    expect(desk.now(message).text).toMatch(/^Filled: /);
    expect(desk.replies(message)).toHaveLength(1);
    const copies = await s3.send(new ListObjectVersionsCommand({ Bucket: Bucket() }));
    desk.cloud.stopFailing('s3');
    await desk.cloud.advance(3 * MINUTE);
    const later = await s3.send(new ListObjectVersionsCommand({ Bucket: Bucket() }));
    // The request, the approval and the result.
    expect(later.Versions?.length).toBe((copies.Versions?.length ?? 0) + 3);
    expect((await verify()).code).toBe(0);
    expect(desk.replies(message)).toHaveLength(1);
  });
});
