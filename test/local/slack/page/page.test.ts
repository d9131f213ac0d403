// Tests what people do on the page: by name, by keyboard, as different people, and on a phone.
import { describe, expect, it } from 'vitest';
import { progressView } from '../../../../slack/views/progress-reply.ts';
import type { Workflow } from '../../../../local/slack/store/workflow.ts';
import { decision, openPage, plain, useBrowser } from '../../../support/open-page.ts';
import type { OpenPage } from '../../../support/open-page.ts';

useBrowser();

const focused = ({ page }: OpenPage) =>
  page.evaluate<string>('document.activeElement.ariaLabel ?? document.activeElement.textContent.trim()');

describe('page', () => {
  it('keeps the node of an unchanged message and the focus in a changed one', async () => {
    const open = await openPage();
    const { page, post, client } = open;
    const first = await post('First', { blocks: [decision()] });
    const second = await post('Second', { blocks: [decision()] });
    const nodeOf = (ts: string) => page.locator(`[data-ts="${ts}"]`);
    await nodeOf(second).waitFor();
    await page.evaluate(`document.querySelector('[data-ts="${first}"]').kept = true`);
    const blocks = [{ type: 'header', text: plain('Second, with a deadline') }, decision()];

    await nodeOf(second).getByRole('button', { name: 'Decline' }).focus();
    await client.apiCall('chat.update', { channel: 'C0TRADING', ts: second, text: 'Second', blocks });
    await page.getByRole('main').getByText('with a deadline').waitFor();
    expect(await page.evaluate(`document.querySelector('[data-ts="${first}"]').kept`)).toBe(true);
    expect(await focused(open)).toBe('Decline');

    await client.apiCall('chat.update', { channel: 'C0TRADING', ts: second, text: 'Declined' });
    await page.getByRole('main').getByText('Declined').waitFor();
    expect(await focused(open)).toBe('Message from Countersign');
  });

  it('asks for confirmation where a button requires it, and No presses nothing', async () => {
    const { page, post, app } = await openPage();
    await post('Buy?', { blocks: [decision(true)] });
    const dialog = page.getByRole('dialog', { name: 'Buy 10 AMZN?' });
    const approve = page.getByRole('button', { name: 'Approve' });

    await approve.click();
    await dialog.getByRole('button', { name: 'Not yet' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(app.received).toEqual([]);

    await approve.click();
    await dialog.getByRole('button', { name: 'Buy' }).click();
    await expect.poll(() => app.received.length).toBe(1);
  });

  it('presses a button of a reply by its label, and the button goes with the next update', async () => {
    const { page, post, app, client } = await openPage();
    const thread_ts = await post('Buy?');
    const { blocks } = progressView(
      {
        text: 'Working.',
        emoji: ':rocket:',
        at: '2026-11-02T10:06:00.000Z',
        button: { label: 'Cancel order', action: 'trade-cancel-order', confirm: 'Cancel the rest?' },
      },
      { execution: 'AMZN-3f9c', id: 'approval-1' },
    );
    const ts = await post('Working.', { thread_ts, blocks });
    await page.getByRole('button', { name: '1 reply' }).click();
    const cancel = page.getByRole('region', { name: 'Thread' }).getByRole('button', { name: 'Cancel order' });
    await cancel.click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel order' }).click();
    await expect.poll(() => app.received.length).toBe(1);
    expect(decodeURIComponent(JSON.stringify(app.received))).toContain('trade-cancel-order');
    await client.apiCall('chat.update', { channel: 'C0TRADING', ts, text: 'Cancelled.', blocks: [] });
    await cancel.waitFor({ state: 'detached' });
  });

  it('shows a line and a count for messages that came while it showed another person, until the next action', async () => {
    const { page, post, choose, say } = await openPage();
    const channel = page.getByRole('main');
    await post('Seen by Ana');
    await channel.getByText('Seen by Ana').waitFor();
    await choose('Ben');
    await page.getByText('1 new').waitFor();
    await post('For Ana, one');
    await post('For Ana, two');
    await channel.getByText('For Ana, two').waitFor();

    await choose('Ana');

    await page.getByText('2 new').waitFor();
    const line = page.getByRole('listitem').filter({ has: page.getByText('New', { exact: true }) });
    expect(await line.getByText('For Ana, one').count()).toBe(1);
    expect(await page.title()).toBe('(2) #trading · Local Slack');
    await say('Thanks');
    await channel.getByText('Thanks').waitFor();
    expect(await line.count()).toBe(0);
    expect(await page.title()).toBe('#trading · Local Slack');
  });

  it('counts messages in its title while it is hidden, and shows the line afterwards', async () => {
    const { page, post } = await openPage();
    const turn = (visibility: string) =>
      page.evaluate(`
      Object.defineProperty(document, 'visibilityState', { value: '${visibility}', configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    `);

    await turn('hidden');
    await post('Unseen');
    await expect.poll(() => page.title()).toBe('(1) #trading · Local Slack');
    await turn('visible');

    const line = page.getByRole('listitem').filter({ has: page.getByText('New', { exact: true }) });
    expect(await line.getByText('Unseen').count()).toBe(1);
    await post('Seen');
    await page.getByRole('main').getByText('Seen', { exact: true }).waitFor();
    expect(await page.title()).toBe('(1) #trading · Local Slack');
  });

  it('announces new and changed messages as text', async () => {
    const { page, post, say, client } = await openPage();
    const announced = () => page.locator('[aria-live="polite"]').textContent();

    const ts = await post('*Buy* 10 AMZN for <@U0ANA>?');
    await expect.poll(announced).toBe('Countersign: Buy 10 AMZN for @Ana?');

    await say('Thanks');
    await page.getByRole('main').getByText('Thanks').waitFor();
    expect(await announced()).toBe('Countersign: Buy 10 AMZN for @Ana?');

    await client.chat.update({ channel: 'C0TRADING', ts, text: 'Approved by <@U0BEN>' });
    await expect.poll(announced).toBe('Countersign: Approved by @Ben');
  });

  it('offers everyone in the channel with their role, and shows names for mentions of people and groups', async () => {
    const { page, post } = await openPage();

    expect(await page.getByLabel('You are').getByRole('option').allTextContents()).toEqual([
      'Ana · requester',
      'Ben · approver',
      'Chloe · approver',
      'Dana · approver, risk',
      'Eve · of Other Ltd',
      'Sam · colleague',
      'Gina · guest',
      'Hugo · guest of one channel',
    ]);
    await post('<!subteam^S0RISK>, <@U0FRED> has left, <!subteam^S0GONE> and <!subteam^S0OPS|@ops> too');
    await page.getByRole('main').getByText('@risk, @Fred has left, @S0GONE and @ops too').waitFor();
  });

  // https://docs.slack.dev/reference/methods/chat.getPermalink
  it('opens a permalink at its message and thread, from a link and from outside', async () => {
    const { page, post, client } = await openPage();
    const root = await post('Buy 10 AMZN?');
    const reply = await post('Bought 10 AMZN', { thread_ts: root });
    for (let each = 0; each < 30; each++) await post(`Later ${each}`);
    const linkTo = async (message_ts: string) =>
      (await client.chat.getPermalink({ channel: 'C0TRADING', message_ts })).permalink ?? '';
    await post(`Here is <${await linkTo(root)}|the message>`);
    const marked = page.locator('[aria-current="true"]');

    await page.getByRole('link', { name: 'the message' }).click();
    await marked.getByText('Buy 10 AMZN?').waitFor();
    await expect.poll(() => inView(page, root)).toBe(true);

    await page.goto(await linkTo(reply));
    await page
      .getByRole('region', { name: 'Thread' })
      .locator('[aria-current="true"]')
      .getByText('Bought')
      .waitFor();
  });

  const inView = (page: OpenPage['page'], ts: string) =>
    page.evaluate(`(() => {
    const { top } = document.querySelector('[data-ts="${ts}"]').getBoundingClientRect();
    return top >= 0 && top < innerHeight;
  })()`);

  it('shows a thread instead of the channel on a phone, and Back returns', async () => {
    const open = await openPage({}, 390);
    const { page, post } = open;
    const ts = await post('Buy 10 AMZN?');
    await post('Bought', { thread_ts: ts });

    await page.getByRole('button', { name: '1 reply' }).press('Enter');
    await page.getByRole('region', { name: 'Thread' }).getByText('Bought').waitFor();
    expect(await page.getByLabel('Message #trading').isVisible()).toBe(false);

    await page.getByRole('button', { name: 'Back' }).press('Enter');
    await page.getByLabel('Message #trading').waitFor();
    expect(await focused(open)).toBe('1 reply');
  });

  it('has no execution panel without a workflow', async () => {
    const { page } = await openPage();

    expect(await page.getByRole('complementary').count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Execution' }).count()).toBe(0);
  });

  it('shows the latest execution in the panel, or the chosen one', async () => {
    const listeners = new Set<() => void>();
    let names = ['AMZN-1'];
    const source = {
      look: async (asked: string | undefined): Promise<Workflow> => {
        const executions = names.map((name) => ({ name, status: 'RUNNING', startedAt: 1_795_348_834_306 }));
        const shown = executions.find(({ name }) => name === asked) ?? executions[0];
        const history = [{ id: 1, at: 1_795_348_834_306, what: `Started ${shown?.name}` }];
        return {
          name: 'trading',
          states: [{ name: 'Ask', next: [], branch: false }],
          executions,
          ...(shown && { shown: { ...shown, progress: { Ask: 'current' }, history } }),
        };
      },
      watch: (listener: () => void) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    };
    const { page } = await openPage({ workflow: source });
    const panel = page.getByRole('complementary', { name: 'Execution' });
    const happens = (...next: string[]) => {
      names = next;
      for (const listener of listeners) listener();
    };
    await panel.getByText('Started AMZN-1').waitFor();
    expect(await panel.locator('[aria-current="step"]').textContent()).toBe('Asknow');

    happens('NVDA-2', 'AMZN-1');
    await panel.getByText('Started NVDA-2').waitFor();

    await panel.getByLabel('Show').selectOption('AMZN-1');
    await panel.getByText('Started AMZN-1').waitFor();
    happens('MSFT-3', 'NVDA-2', 'AMZN-1');
    await panel.getByRole('option', { name: 'MSFT-3' }).waitFor({ state: 'attached' });
    expect(await panel.getByText('Started AMZN-1').count()).toBe(1);
    expect(await panel.getByLabel('Show').inputValue()).toBe('AMZN-1');
  });

  it('stays at the end of the channel when a pane opens, and elsewhere if somebody has scrolled', async () => {
    const { page, post, client } = await openPage();
    const long =
      'A line long enough that it wraps anew when the channel grows narrow beside an opened thread. '.repeat(
        2,
      );
    for (let count = 1; count <= 12; count++) await post(`${count}: ${long}`);
    const last = await post('The last of them');
    await client.chat.postMessage({ channel: 'C0TRADING', thread_ts: last, text: 'A reply' });
    const list = page.getByRole('list', { name: 'Messages', exact: true });
    const toEnd = () => list.evaluate((shown) => shown.scrollHeight - shown.scrollTop - shown.clientHeight);
    await page.getByRole('main').getByRole('button', { name: '1 reply' }).click();
    await page.getByRole('region', { name: 'Thread' }).waitFor();
    await post(`New: ${long}`);
    await page.getByRole('main').getByText('New: A line').waitFor();
    await expect.poll(toEnd).toBeLessThan(2);

    // The page knows of a scroll once its event has come, in the next frame.
    await list.evaluate(async (shown) => {
      const scrolled = new Promise((resolve) => shown.addEventListener('scroll', resolve, { once: true }));
      shown.scrollTop = 0;
      await scrolled;
    });
    await post('Newer still');
    await page.getByRole('main').getByText('Newer still').waitFor();
    expect(await list.evaluate((shown) => shown.scrollTop)).toBe(0);
  });
});
