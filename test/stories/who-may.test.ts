// Tests that docs/reference/who-may.md has a row for every listener and every queue, and plays its row `approve` with every kind
// of person. All other rows: who-may.slow.test.ts.
import { App } from '@slack/bolt';
import { describe, expect, it, vi } from 'vitest';
import { publicBot } from '../../bot/public-bot.ts';
import { createTradingApp } from '../../bot/trading/trading-app.ts';
import { morePendingAction } from '../../slack/views/approval-list.ts';
import { resourcesOf, synthesised } from '../support/template.ts';
import { namedQueues, namedWays, checkTable } from './check-who-may.ts';

describe('the table', () => {
  it('has a row for every listener of the bot', () => {
    const registered: string[] = [];
    const spies = (['command', 'action', 'view', 'event'] as const).map((kind) =>
      vi.spyOn(App.prototype, kind).mockImplementation((name: unknown) => void registered.push(String(name))),
    );
    const nothing: any = new Proxy({}, { get: () => undefined });
    const bot = publicBot({
      ...nothing,
      receiver: { init: () => {}, start: async () => {}, stop: async () => {} },
      command: { name: '/trade', execution: 'a', starts: true },
      log: () => {},
    });
    createTradingApp({ ...nothing, ...bot, ...bot.dependencies });
    for (const spy of spies) spy.mockRestore();
    expect(registered).toContain(morePendingAction);
    expect(registered.filter((name) => !namedWays.includes(name))).toEqual([]);
  });

  it('has a row for every queue', () => {
    const queues = resourcesOf(synthesised(), 'AWS::Lambda::EventSourceMapping').map(
      ({ Properties }) =>
        /(?:SlackApprovals|EndedExecutions)(\w+)Queue/.exec(
          String(Properties['EventSourceArn']['Fn::GetAtt'][0]),
        )?.[1],
    );
    expect(queues.filter((queue) => !namedQueues.includes(queue))).toEqual([]);
  });

  checkTable((way) => way === 'approve');
});
