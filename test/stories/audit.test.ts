// Tests what the audit records and how it is read, and that its copies show what somebody changed. Through the front
// door: commands in Slack, presses, and the operator's commands.
import {
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
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
import { startsTable } from '../../aws/starts-table.ts';
import { digest } from '../../domain/digest.ts';
import { approvalsTable } from '../../aws/approvals-table.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ANA, BEN, CHLOE, openTradingDesk, operator, type TradingDesk } from '../support/trading-desk.ts';
import { exportAudit, exportedEntries, verifyAudit } from '../support/audit-commands.ts';

const DANA = 'U0DANA';
const MINUTE = 60_000;
/** More than USD 10,000, less than USD 250,000, and a tenth of the shares in the account, whatever the market does. */
const LARGE = '/trade AMZN 100';
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

describe('audit', () => {
  it("records everybody's actions with the terms they saw, and gives them to an approver as a file", async () => {
    const message = await desk.ask(LARGE);
    await desk.press(ANA, message, 'approve');
    await desk.press('U0EVE', message, 'approve');
    await desk.press(BEN, message, 'approve');
    await desk.slack.press(BEN, message.ts, 'undo_approval');
    await desk.cloud.settled();
    await desk.press(CHLOE, message, 'approve');
    await desk.press(DANA, message, 'approve');
    await desk.decline(ANA, await desk.ask('/trade AMZN 3'), 'Wrong symbol');
    const month = new Date(desk.clock.now()).toISOString().slice(0, 7);
    await desk.slack.say(ANA, `/trade audit ${month}`);
    await desk.cloud.settled();
    expect(desk.privately(ANA).at(-1)).toMatch(/The audit is for those who may approve/);
    await desk.slack.say(DANA, '/trade audit november');
    expect(desk.privately(DANA).at(-1)).toMatch(/Say which month.*`\/trade audit 2026-11`$/);
    await desk.slack.say(DANA, `/trade audit ${month}`);
    await desk.cloud.settled();
    const [file] = desk.slack.directMessages(DANA).at(-1)?.files ?? [];
    expect(file?.name).toBe(`countersign-audit-${month}.csv`);
    const [header, ...rows] = String(file?.content).trim().split('\n');
    expect(header).toContain(
      'at,by,by_name,by_email,action,decided,refused_action,refused_because,reason,outcome,label,result_text,unsure,title,amount_usd',
    );
    const has = (shape: RegExp) => rows.some((row) => shape.test(row));
    expect(
      has(/,U0BEN,Ben,ben@local\.example,approved,,,,,,,,,(Buy|Sell) 100 AMZN,\d+(\.\d+)?,Price USD/),
    ).toBe(true);
    expect(has(/,U0DANA,Dana,dana@local\.example,approved,approved,/)).toBe(true);
    expect(has(/,U0BEN,Ben,ben@local\.example,undid_approval,/)).toBe(true);
    expect(has(/,U0ANA,Ana,ana@local\.example,declined,declined,,,Wrong symbol,/)).toBe(true);
    expect(has(/,U0ANA,Ana,ana@local\.example,was_refused,,approve,nobody approves their own request,/)).toBe(
      true,
    );
    expect(
      has(
        /,U0EVE,Eve,eve@other\.example,was_refused,,approve,the person is not an approver of this request,/,
      ),
    ).toBe(true);
  });

  it('records a refused Decline and a refused cancel', async () => {
    const message = await desk.ask('/trade AMZN 2');
    // Gina closes the modal before the bot can show why it refuses.
    desk.slack.refuse('views.update', 'not_found');
    await desk.slack.press('U0GINA', message.ts, 'decline');
    await desk.cloud.settled();
    desk.slack.stopFailing('views.update');
    desk.slack.closeModal('U0GINA');
    await desk.press(BEN, message, 'approve');
    const name = await lastName();
    await desk.slack.say(BEN, `/trade cancel ${name}`);
    await desk.cloud.settled();
    const rows = await exportAudit(desk.cloud, '--execution', name);
    expect(rows).toMatch(
      /,U0GINA,Gina,gina@local\.example,was_refused,,decline,the person is not an approver of this request,/,
    );
    expect(rows).toMatch(/,U0BEN,Ben,ben@local\.example,was_refused,,cancel,the request was decided before,/);
  });

  it('lists all entries of one execution, oldest first', async () => {
    const filled = await desk.ask('/trade AMZN 2');
    const name = await lastName();
    await desk.cloud.advance(8 * MINUTE);
    await desk.press(BEN, filled, 'approve');
    const story = await exportedEntries(desk.cloud, '--execution', name);
    expect(story.map(({ action }) => action)).toEqual(['requested', 'reminded', 'approved', 'ended']);
    expect(story).toMatchObject([
      { by: ANA, byName: 'Ana', byEmail: 'ana@local.example' },
      {},
      { by: BEN, byName: 'Ben', byEmail: 'ben@local.example', decided: 'approved' },
      {
        result: {
          label: 'Filled',
          text: expect.stringMatching(/^(Bought|Sold) 2 AMZN at USD [\d.]+, USD [\d.]+ in all\. Order /),
        },
      },
    ]);
    const times = story.map(({ at }) => String(at));
    expect(times).toEqual(times.toSorted((one, other) => one.localeCompare(other)));
    const expired = await desk.ask('/trade AMZN 3');
    const old = await lastName();
    await desk.cloud.advance(16 * MINUTE);
    await desk.slack.press(BEN, expired.ts, 'resubmit');
    await desk.cloud.settled();
    expect(
      (await exportedEntries(desk.cloud, '--execution', old)).filter(
        ({ action }) => action !== 'reminded' && action !== 'escalated',
      ),
    ).toMatchObject([
      { action: 'requested', by: ANA },
      { action: 'ended', result: { outcome: 'expired' } },
      { action: 'resubmitted', by: BEN },
    ]);
    await expect(exportAudit(desk.cloud, '--execution', 'AMZN-none')).rejects.toThrow(
      /The audit has no entry about AMZN-none/,
    );
  });

  it('records who resubmitted a minute later, if the bot crashed before it could', async () => {
    await desk.ask('/trade AMZN 3');
    const [name, executionArn] = [await lastName(), await desk.lastExecution()];
    await desk.cloud.advance(16 * MINUTE);
    const { execution, id } = await approvalOf(executionArn);
    const at = new Date(desk.clock.now()).toISOString();
    const approvals = approvalsTable(dynamodb, desk.cloud.outputs['ApprovalsTable'] ?? '');
    await approvals.recordResubmission({ execution, id }, { by: BEN, at });
    await desk.cloud.advance(2 * MINUTE);
    const entries = await exportedEntries(desk.cloud, '--execution', name);
    expect(entries).toContainEqual(expect.objectContaining({ action: 'resubmitted', by: BEN, at }));
  });

  it('names the person for whom the new execution was started, if two people resubmit at once', async () => {
    const message = await desk.ask('/trade AMZN 3');
    const [name, executionArn] = [await lastName(), await desk.lastExecution()];
    await desk.cloud.advance(16 * MINUTE);
    const { id } = await approvalOf(executionArn);
    // Chloe pressed first: the bot stored for whom it starts the execution, and is slower than that for Ben.
    const starts = startsTable(dynamodb, desk.cloud.outputs['ApprovalsTable'] ?? '');
    const at = new Date(desk.clock.now()).toISOString();
    const start = { requester: CHLOE, requesters: [CHLOE, ANA], at };
    await starts.record(executionArn.replace(name, `resubmit-${digest(id)}`), start);
    await desk.slack.press(BEN, message.ts, 'resubmit');
    await desk.cloud.settled();
    expect(desk.privately(BEN).at(-1)).toContain(`<@${CHLOE}>`);
    const entries = await exportedEntries(desk.cloud, '--execution', name);
    expect(entries.filter(({ action }) => action === 'resubmitted')).toMatchObject([{ by: CHLOE }]);
  });

  it('records a refused cancel of somebody who may not see the request, and tells them nothing', async () => {
    await desk.ask('/trade AMZN 2');
    const name = await lastName();
    await desk.slack.say('U0ROBO', `/trade cancel ${name}`);
    await desk.cloud.settled();
    expect(desk.privately('U0ROBO').at(-1)).not.toContain('AMZN 2');
    const rows = await exportAudit(desk.cloud, '--execution', name);
    expect(rows).toMatch(/,U0ROBO,Robo,,was_refused,,cancel,the person is not an approver of this request,/);
  });

  it('records an entry without the name of the person if Slack does not return it', async () => {
    const message = await desk.ask('/trade AMZN 2');
    const name = await lastName();
    desk.cloud.coolDown();
    desk.slack.refuse('users.info', 'internal_error');
    await desk.press('U0SAM', message, 'approve');
    desk.slack.stopFailing('users.info');
    await desk.decline(BEN, message);
    const [refused] = (await exportedEntries(desk.cloud, '--execution', name)).filter(
      ({ by }) => by === 'U0SAM',
    );
    expect(refused).toMatchObject({ action: 'was_refused' });
    expect(refused).not.toHaveProperty('byName');
    expect(refused).not.toHaveProperty('byEmail');
  });

  it('records that an approval lapsed, because the person left', async () => {
    await desk.press(BEN, await desk.ask(LARGE), 'approve');
    const name = await lastName();
    desk.slack.setGroup('S0RISK', [CHLOE, DANA]);
    await desk.cloud.advance(16 * MINUTE);
    desk.slack.setGroup('S0RISK', [BEN, CHLOE, DANA]);
    const entries = await exportedEntries(desk.cloud, '--execution', name);
    expect(entries.filter(({ by }) => by === BEN).map(({ action }) => action)).toEqual([
      'approved',
      'approval_lapsed',
    ]);
  });

  it('exports the same entries with `audit:export`', async () => {
    const today = new Date(desk.clock.now()).toISOString().slice(0, 10);
    const rows = await exportAudit(desk.cloud, '--from', '2026-01-01', '--to', today);
    expect(rows.split('\n')[0]).toContain('at,by,by_name,by_email,action,decided');
    expect(rows).toMatch(/,U0DANA,Dana,dana@local\.example,approved,approved,/);
    const entries = await exportedEntries(desk.cloud, '--from', today, '--to', today);
    expect(entries.map(({ action }) => action)).toContain('was_refused');
    await expect(exportAudit(desk.cloud, '--from', 'today')).rejects.toThrow(
      /--from must be a date such as 2026-11-01, not today/,
    );
  });
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
    const { execution, id, history } = await approvalOf(executionArn);
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

async function lastName(): Promise<string> {
  return (await desk.lastExecution()).split(':').at(-1) ?? '';
}

async function approvalOf(executionArn: string) {
  const { Items = [] } = await dynamodb.send(
    new ScanCommand({ TableName: desk.cloud.outputs['ApprovalsTable'] }),
  );
  const found = Items.map((item) => unmarshall(item)).find((item) => item['executionArn'] === executionArn);
  if (!found) throw new Error(`No approval of ${executionArn}`);
  return found;
}
