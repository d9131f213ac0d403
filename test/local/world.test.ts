// Tests which channels a local world has: those of the stack's output `Channels`.
import { rmSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { assemblyWith, template } from '../support/changed-assembly.ts';
import { ANA, openDesk } from '../support/trading-desk.ts';

it('has the channels of the stack, with the given names or those of their ids', async () => {
  const Value = 'C0TRADING,C0RISKDESK,C0COMPLIANCE';
  const assembly = assemblyWith(template.Resources, { Channels: { Value } });
  onTestFinished(() => rmSync(assembly, { recursive: true }));
  const desk = await openDesk({ assembly, channelNames: { C0RISKDESK: 'risk' } });
  onTestFinished(() => desk.stop());

  const state: unknown = await (await fetch(`${desk.slack.url}/page/state?person=${ANA}`)).json();

  expect(state).toMatchObject({
    channels: [
      { id: 'C0TRADING', name: 'trading' },
      { id: 'C0RISKDESK', name: 'risk' },
      { id: 'C0COMPLIANCE', name: 'c0compliance' },
    ],
  });
  await desk.slack.say(ANA, '/trade AMZN 10', 'C0RISKDESK');
  await desk.cloud.settled();
  expect(desk.slack.seenBy(ANA)).toMatchObject([
    { channel: 'C0RISKDESK', text: expect.stringContaining('Checking: 10 AMZN') },
    { channel: 'C0TRADING', text: expect.stringContaining('10 AMZN') },
  ]);
});
