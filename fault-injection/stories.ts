// What happens at the desk: the whole loop and each of its endings. From these runs the rows of the table are recorded;
// each cell plays one of them, with one call broken.
import { RedriveExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { ANA, BEN, CHLOE, DANA, type Desk } from './harness.ts';

const MINUTE = 60_000;

export type Story = (desk: Desk) => Promise<void>;

export const stories: Readonly<Record<string, Story>> = {
  async approved(desk) {
    await desk.says(ANA, '/trade AMZN 10');
    await desk.presses(BEN, desk.withButton('approve'), 'approve');
  },

  async 'approved by two'(desk) {
    const approve = desk.withButton('approve');
    await desk.says(ANA, '/trade AMZN 200');
    await desk.presses(ANA, approve, 'approve');
    await desk.presses(BEN, approve, 'approve');
    await desk.presses(BEN, desk.withButton('take_back'), 'take_back');
    await desk.presses(CHLOE, approve, 'approve');
    await desk.cloud.advance(6 * MINUTE);
    await desk.presses(DANA, approve, 'approve');
  },

  async 'declined, asked again'(desk) {
    await desk.says(ANA, '/trade AMZN 5');
    await desk.presses(CHLOE, desk.withButton('decline'), 'decline');
    await desk.submits(CHLOE, { reason: 'Not before earnings' });
    await desk.presses(BEN, desk.withButton('ask_again'), 'ask_again');
    await desk.presses(CHLOE, desk.withButton('approve'), 'approve');
  },

  async expired(desk) {
    await desk.start({ symbol: 'MSFT', quantity: 3 });
    await desk.cloud.advance(16 * MINUTE);
  },

  async 'escalated, then approved'(desk) {
    await desk.says(ANA, '/trade NVDA 3');
    await desk.cloud.advance(12 * MINUTE);
    await desk.presses(DANA, desk.withButton('approve'), 'approve');
  },

  async failed(desk) {
    await desk.start({ symbol: 'NOPE' });
    await desk.says(ANA, '/trade AMZN 100000');
  },

  async cancelled(desk) {
    await desk.says(ANA, '/trade NVDA 4');
    const name = await lastName(desk);
    await desk.says(CHLOE, `/trade cancel ${name}`);
    await desk.submits(CHLOE, { reason: 'Lunch' });
  },

  async 'stopped, redriven'(desk) {
    const executionArn = await desk.start({ symbol: 'TSLA', quantity: 2 });
    await desk.sfn.send(new StopExecutionCommand({ executionArn }));
    await desk.cloud.advance(3 * MINUTE);
    await desk.sfn.send(new RedriveExecutionCommand({ executionArn }));
    await desk.cloud.advance(3 * MINUTE);
    await desk.presses(BEN, desk.withButton('approve'), 'approve');
  },

  async 'looked around'(desk) {
    const { slack } = desk;
    await desk.does(ANA, 'asked for the form', () => slack.say(ANA, '/trade'));
    await desk.submits(ANA, { symbol: 'AMZN', quantity: '7' });
    for (const words of ['pending', 'status', 'audit 2026-11', `status ${await lastName(desk)}`])
      await desk.says(CHLOE, `/trade ${words}`);
    await desk.does(CHLOE, 'opened Home', () => slack.openHome(CHLOE));
    const home = (action: string) => () => {
      const shown = slack.home(CHLOE);
      return JSON.stringify(shown ?? {}).includes(`"action_id":"${action}"`) ? shown?.id : undefined;
    };
    await desk.presses(CHLOE, home('settings'), 'settings');
    await desk.submits(CHLOE, { until: '', delegate: DANA });
    await desk.presses(CHLOE, home('approve'), 'approve');
  },

  async 'at a busy time'(desk) {
    for (const method of ['chat.postMessage', 'chat.update'])
      desk.slack.refuse(method, 'ratelimited', { times: 1, retryAfterSeconds: 5 });
    await desk.says(ANA, '/trade AMZN 6');
    await desk.cloud.advance(MINUTE);
    await desk.presses(BEN, desk.withButton('approve'), 'approve');
    await desk.cloud.advance(MINUTE);
  },

  async 'Step Functions away, and nobody presses again'(desk) {
    const pressOnce = async (person: string, action: string) => {
      const message = desk.withButton(action)();
      if (message) await desk.slack.press(person, message, action);
      await desk.cloud.settled();
    };
    await desk.says(ANA, '/trade AMZN 8');
    desk.cloud.refuse('states');
    await pressOnce(BEN, 'approve');
    desk.cloud.stopFailing('states');
    await desk.cloud.advance(3 * MINUTE);
    await desk.says(ANA, '/trade AMZN 9');
    await desk.says(CHLOE, `/trade cancel ${await lastName(desk)}`);
    desk.cloud.refuse('states');
    if (desk.slack.modal(CHLOE)?.submit) await desk.slack.submit(CHLOE, { reason: 'Lunch' });
    await desk.cloud.settled();
    desk.cloud.stopFailing('states');
    await desk.cloud.advance(3 * MINUTE);
  },
};

async function lastName(desk: Desk): Promise<string> {
  const [last = ''] = await desk.executions();
  return last.split(':').at(-1) ?? '';
}
