// Tests what the audit records and how it is read, through the front door: commands in Slack, presses, and the
// operator's commands.
import { storedApproval } from '../support/stored-approval.ts';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { startsTable } from '../../aws/starts-table.ts';
import { digest } from '../../domain/digest.ts';
import { approvalsTable } from '../../aws/approvals-table.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ANA, BEN, CHLOE, openTradingDesk, operator, type TradingDesk } from '../support/trading-desk.ts';
import { exportAudit, exportedEntries } from '../support/audit-commands.ts';

const DANA = 'U0DANA';
const MINUTE = 60_000;
/** More than USD 10,000, less than USD 250,000, and a tenth of the shares in the account, whatever the market does. */
const LARGE = '/trade AMZN 100';
let desk: TradingDesk;
let dynamodb: DynamoDBClient;

beforeAll(async () => {
  desk = await openTradingDesk();
  dynamodb = new DynamoDBClient({ ...operator, endpoint: desk.cloud.url });
});

afterAll(async () => {
  dynamodb.destroy();
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
    expect(desk.privately(ANA).at(-1)).toMatch(/The audit is for approvers/);
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
      has(/,U0BEN,Ben,ben@local\.example,approved,,,,,,,,,(Buy|Sell) 100 AMZN,\d+(\.\d+)?,"?Limit USD/),
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
          text: expect.stringMatching(
            /^(Bought|Sold) 2 AMZN at USD [\d.]+, total USD [\d.]+\. (?:No slippage from|Slippage: USD [\d.]+ (?:more|less) in total than at) USD [\d.]+(?: \(-?[\d.]+ bps\))?\.$/,
          ),
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
      /The audit has no entry about AMZN-none .* Check the name, or pass earlier days, such as --from 2026-11-01/,
    );
  });

  it('records who resubmitted a minute later, if the bot crashed before it could', async () => {
    await desk.ask('/trade AMZN 3');
    const [name, executionArn] = [await lastName(), await desk.lastExecution()];
    await desk.cloud.advance(16 * MINUTE);
    const { execution, id } = await storedApproval(desk.cloud, executionArn);
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
    const { id } = await storedApproval(desk.cloud, executionArn);
    // Chloe pressed first: the bot stored for whom it starts the execution, and is slower than that for Ben.
    const starts = startsTable(dynamodb, desk.cloud.outputs['ApprovalsTable'] ?? '');
    const at = new Date(desk.clock.now()).toISOString();
    const start = { requester: CHLOE, requesters: [CHLOE, ANA], at };
    await starts.record(executionArn.replace(name, `AMZN-${digest(id)}`), start, {
      symbol: 'AMZN',
      quantity: 3,
      requestedBy: CHLOE,
    });
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

async function lastName(): Promise<string> {
  return (await desk.lastExecution()).split(':').at(-1) ?? '';
}
