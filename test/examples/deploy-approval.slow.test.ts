// Tests the example with its own bundles and wiring and the bot without trades: start, decide, see the result.
import { join } from 'node:path';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { synthesise } from '../../local/synthesise.ts';
import { ANA, BEN, CHLOE, hasButtons, openDesk, type TradingDesk } from '../support/trading-desk.ts';

const FOLDER = 'examples/deploy-approval';
const BUILD = { service: 'checkout', version: '2.14.0' };
const assembly = mkdtempSync(join(tmpdir(), 'countersign-example-'));
let desk: TradingDesk;

beforeAll(async () => {
  await synthesise(assembly, [], FOLDER);
  desk = await openDesk({ assembly, manifest: `${FOLDER}/manifest.yml`, channelName: 'deploys' });
});

afterAll(async () => {
  await desk.stop();
  rmSync(assembly, { recursive: true });
});

async function ask(input: object = BUILD) {
  const arn = await desk.start(input);
  const message = desk.posts().at(-1);
  if (!message) throw new Error('Nothing was asked.');
  return { arn, message };
}

describe('deploy-approval example', () => {
  it('asks, deploys after the approval, and posts the result in the thread', async () => {
    const { arn, message } = await ask({ ...BUILD, requestedBy: ANA });
    expect(message.text).toMatch(
      /^Pending: Deploy checkout 2\.14\.0\nNeeds approval from <@U0BEN> or <@U0CHLOE> by /,
    );
    expect(message.text).toMatch(/Tests: 412 passed \(.*\) · Changes: 7 commits · .*\nCanary without errors/);
    expect(message.text).toMatch(/Started: via AWS, which names <@U0ANA> \(not verified\)/);
    await desk.press(BEN, message, 'approve');
    expect(desk.now(message).text).toMatch(
      /^Deployed: Deploy checkout 2\.14\.0\nApproved by <@U0BEN> .*\. checkout 2\.14\.0 runs in production\./,
    );
    expect(hasButtons(desk.now(message))).toBe(false);
    expect(desk.replies(message)).toMatchObject([
      { broadcast: true, text: ':rocket: *Deployed.* checkout 2.14.0 runs in production.' },
    ]);
    // Nobody has verified that Ana asked, so she gets no direct message.
    expect(desk.slack.directMessages(ANA)).toEqual([]);
    expect(await desk.execution(arn)).toMatchObject({ status: 'SUCCEEDED' });
    expect(await desk.path(arn)).toEqual([
      'Check Build',
      'Request Human Approval',
      'Deploy or Not?',
      'Deploy',
      'Report Result',
    ]);
  });

  it('deploys nothing after a decline, and asks again after one press', async () => {
    const { arn, message } = await ask();
    await desk.decline(CHLOE, message, 'The freeze begins');
    expect(desk.now(message).text).toMatch(/^Declined: .*\nDeclined by <@U0CHLOE> .*: “The freeze begins”/);
    expect(await desk.path(arn)).not.toContain('Deploy');
    expect(desk.replies(message)).toMatchObject([{ text: expect.stringContaining('Nothing was done.') }]);

    const before = desk.posts().length;
    // Dana neither asked it nor may approve it.
    await desk.press('U0DANA', message, 'resubmit');
    expect(desk.posts()).toHaveLength(before);
    expect(desk.privately('U0DANA').at(-1)).toContain(
      'Nothing was asked: only the requester and the approvers can resubmit this.',
    );
    await desk.press(BEN, message, 'resubmit');
    expect(desk.privately(BEN).at(-1)).toMatch(
      /^Resubmitted: the new request may differ from \*Deploy checkout 2\.14\.0\*\./,
    );
    const again = desk.posts().at(-1);
    expect(again?.ts).not.toBe(message.ts);
    expect(again?.text).toContain(
      'Resubmitted after <@U0CHLOE> declined the earlier request: “The freeze begins”',
    );
  });

  it('expires without a decision', async () => {
    const { arn, message } = await ask({ ...BUILD, version: '2.15.0' });
    await desk.cloud.advance(901_000);
    expect(desk.now(message).text).toMatch(/^Expired: Deploy checkout 2\.15\.0\nNobody decided in time/);
    expect(await desk.path(arn)).toEqual([
      'Check Build',
      'Request Human Approval',
      'Request Human Approval: Expired',
      'Deploy or Not?',
      'Report Result',
    ]);
  });

  it('reports an execution that fails before anyone is asked', async () => {
    await desk.start({ service: 'checkout' });
    expect(desk.posts().at(-1)?.text).toMatch(/\*Failed\.\* The input needs a service and a version/);
  });

  it('answers its command with pending requests, and lists its commands if it does not understand', async () => {
    const { arn } = await ask({ ...BUILD, version: '2.16.0' });
    const name = arn.split(':').at(-1) ?? '';
    const says = async (words: string) => {
      await desk.slack.say(BEN, `/approvals ${words}`);
      await desk.cloud.settled();
      return desk.privately(BEN).at(-1);
    };
    expect(await says('pending')).toContain('Deploy checkout 2.16.0');
    expect(await says(`status ${name}`)).toContain('Deploy checkout 2.16.0');
    expect(await says('status')).toContain('`/approvals pending` lists the requests of others');
    expect(await says('deploy it')).toMatch(/^`\/approvals pending` lists the pending requests/);
    await says(`cancel ${name}`);
    await desk.slack.submit(BEN, { reason: 'Superseded' });
    await desk.cloud.settled();
    expect(desk.posts().at(-1)?.text).toMatch(/^Cancelled: .*“Superseded”/s);
  });

  it('shows no word about trades', () => {
    const seen = [...desk.slack.messages(), ...[ANA, BEN, CHLOE].flatMap((id) => desk.slack.seenBy(id))];
    expect(JSON.stringify(seen)).not.toMatch(/\b(trad\w*|filled|bought|sold|shares|AMZN)\b/i);
  });

  it('needs a stack of fewer than sixty lines', () => {
    expect(readFileSync(`${FOLDER}/stack.ts`, 'utf8').split('\n').length).toBeLessThan(60);
  });
});
