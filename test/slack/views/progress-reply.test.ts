// Tests the reply that shows progress: its text, and its blocks if it has a button.
import { App } from '@slack/bolt';
import { describe, expect, it, vi } from 'vitest';
import { publicBot } from '../../../bot/public-bot.ts';
import { ownActions } from '../../../slack/views/own-actions.ts';
import { progressView } from '../../../slack/views/progress-reply.ts';

const report = { text: '4 of 10 bought.', emoji: ':rocket:', at: '2026-11-02T10:06:00.000Z' };
const key = { execution: 'x'.repeat(80), id: `approval-${'0'.repeat(16)}` };

describe('progressView', () => {
  it('has only a text without a button', () => {
    expect(progressView(report, key)).toEqual({
      text: ':rocket: 4 of 10 bought. (as of <!date^1793613960^{time} {date_short_pretty}|2026-11-02 10:06 UTC>)',
      blocks: [],
    });
  });

  it('has a section and a button', () => {
    const button = { label: 'Cancel order', action: 'trade-cancel-order' };
    expect(progressView({ ...report, button }, key)).toMatchSnapshot();
  });

  it('stays within the limits of Slack with the longest texts, which cleaning makes longer', () => {
    const action = 'x'.repeat(100);
    const button = { label: ':a:'.repeat(25), action, confirm: `${':a:'.repeat(99)}\nb` };
    const view = progressView({ ...report, text: '&'.repeat(500), button }, key);
    const [section, actions] = view.blocks;
    if (section?.type !== 'section' || actions?.type !== 'actions') throw new Error('Other blocks.');
    const [shown] = actions.elements;
    if (shown?.type !== 'button') throw new Error('No button.');
    expect(section.text?.text.length).toBeLessThanOrEqual(3_000);
    expect(shown.text.text).toHaveLength(75);
    expect(shown.action_id).toBe(action);
    expect(shown.value?.length).toBeLessThanOrEqual(2_000);
    expect(shown.confirm?.title?.text).toHaveLength(75);
    expect(shown.confirm?.text.text).toHaveLength(300);
    expect(shown.confirm?.confirm?.text).toHaveLength(30);
    expect(view).toMatchSnapshot();
  });
});

describe('ownActions', () => {
  it('has the action of each button to which the bot listens', () => {
    const registered: string[] = [];
    const spy = vi
      .spyOn(App.prototype, 'action')
      .mockImplementation((name: unknown) => void registered.push(String(name)));
    const nothing: any = new Proxy({}, { get: () => undefined });
    const bot = publicBot({
      ...nothing,
      receiver: { init: () => {}, start: async () => {}, stop: async () => {} },
      command: { name: '/trade', execution: 'a', starts: true },
      log: () => {},
    });
    bot.createApp(bot.dependencies);
    spy.mockRestore();
    expect(registered.length).toBeGreaterThan(0);
    expect(registered.toSorted()).toEqual(ownActions.toSorted());
  });
});
