// Stories: scripted runs of the whole workflow that together reach each possible outcome. `cases.ts` plays every story
// once to record its calls, and then plays one story for each case, with one injected fault.
import { RedriveExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { ANA, BEN, CHLOE, DANA, type Harness } from './harness.ts';

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

  async failed(harness) {
    await harness.start({ symbol: 'NOPE' });
    await harness.says(ANA, '/trade AMZN 100000');
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

async function lastName(harness: Harness): Promise<string> {
  const [last = ''] = await harness.executions();
  return last.split(':').at(-1) ?? '';
}
