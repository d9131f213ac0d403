// What people do on the message, in the format of Slack: signed presses and submitted modals, some of them delivered
// twice. Records the result of each for the checks.
import { createHmac } from 'node:crypto';
import type { LambdaFunctionURLEvent } from 'aws-lambda';
import type { LambdaReceiver } from '../../bot/receiver.ts';
import { cancelModalId } from '../../slack/views/cancel-modal.ts';
import { declineModalId } from '../../slack/views/decline-modal.ts';
import { EXECUTION } from './execution.ts';
import type { FakeSlack } from './slack.ts';
import type { Invocation, Turns } from './turns.ts';

export const SECRET = 'a-signing-secret';

export type Button = 'approve' | 'undo_approval' | 'decline' | 'resubmit';

/** The terms that the pressed message shows. An earlier version of the app put no terms in its buttons. */
export type Shown = 'first' | 'changed' | 'none';

export interface VoteRequest {
  readonly who: string;
  readonly button: Button;
  readonly shown: Shown;
  /** What the button carries. */
  readonly value: string;
  /** `ts` of the message. */
  readonly message: string;
  /** Whether Slack delivers it twice; of Decline, the submission. */
  readonly twice: boolean;
}

/** One delivery of something that a person did, once it is over. */
export interface Delivery {
  readonly who: string;
  readonly action: Button | 'submit' | 'cancel' | 'stop';
  /** Undefined for what was not pressed. */
  readonly shown: Shown | undefined;
  readonly run: Invocation;
  /** What the bot answered to Slack; absent where it threw. */
  readonly answer: { readonly status: number; readonly body: string } | undefined;
}

export interface Presses {
  readonly deliveries: readonly Delivery[];
  /** What may be delivered now: second deliveries, and modals that are open and will be submitted. */
  readonly due: readonly (() => void)[];
  make(press: VoteRequest): void;
  /** Types `/trade cancel`; the modal that opens will be submitted. */
  cancel(who: string): void;
}

interface Surroundings {
  readonly turns: Turns;
  readonly slack: FakeSlack;
  readonly receiver: LambdaReceiver;
  readonly now: () => number;
}

interface Due {
  possible(): boolean;
  deliver(): void;
}

export function createPresses({ turns, slack, receiver, now }: Surroundings): Presses {
  const deliveries: Delivery[] = [];
  const due: Due[] = [];
  let count = 0;

  const deliver = (who: string, action: Delivery['action'], payload: object, shown?: Shown) => {
    const work = async () => {
      const { statusCode = 200, body = '' } = await receiver.handler(signed(formOf(payload), now()));
      return { status: statusCode, body };
    };
    turns.start(`${who} ${action}`, work, (run, answer) =>
      deliveries.push({ who, action, shown, run, answer }),
    );
  };
  const twice: typeof deliver = (...delivery) => {
    deliver(...delivery);
    due.push({ possible: () => true, deliver: () => deliver(...delivery) });
  };

  return {
    deliveries,
    get due() {
      return due
        .filter((each) => each.possible())
        .map((each) => () => {
          due.splice(due.indexOf(each), 1);
          each.deliver();
        });
    },
    cancel(who) {
      const trigger = `trigger-${(count += 1)}`;
      deliver(who, 'cancel', typed(who, trigger));
      due.push({
        possible: () => slack.modal(trigger)?.includes(`"callback_id":"${cancelModalId}"`) === true,
        deliver: () => deliver(who, 'stop', submitted(who, trigger, slack.modal(trigger) ?? '{}')),
      });
    },
    make(press) {
      const { who, button, shown } = press;
      const trigger = `trigger-${(count += 1)}`;
      const body = pressed(press, trigger, `${Math.floor(now() / 1_000)}.${String(count).padStart(6, '0')}`);
      if (button !== 'decline')
        return press.twice ? twice(who, button, body, shown) : deliver(who, button, body, shown);
      deliver(who, button, body, shown);
      const send = press.twice ? twice : deliver;
      due.push({
        possible: () => isToDecline(slack.modal(trigger)),
        deliver: () => send(who, 'submit', submitted(who, trigger, slack.modal(trigger) ?? '{}'), shown),
      });
    },
  };
}

function isToDecline(modal: string | undefined): boolean {
  return modal?.includes(`"callback_id":"${declineModalId}"`) === true;
}

/** https://docs.slack.dev/reference/interaction-payloads/block_actions-payload */
function pressed({ who, button, value, message }: VoteRequest, trigger: string, actionTs: string): object {
  return {
    type: 'block_actions',
    user: { id: who },
    team: { id: 'T0OWN' },
    trigger_id: trigger,
    response_url: `http://127.0.0.1/${trigger}`,
    message: { ts: message },
    actions: [{ type: 'button', action_id: button, block_id: 'decision', value, action_ts: actionTs }],
  };
}

/** https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload */
function submitted(who: string, trigger: string, modal: string): object {
  const view = JSON.parse(modal);
  const state = { values: { reason: { reason: { value: `Because of ${trigger}` } } } };
  return {
    type: 'view_submission',
    trigger_id: `submitted-${trigger}`,
    user: { id: who },
    team: { id: 'T0OWN' },
    view: { ...view, id: trigger, state },
  };
}

/** https://docs.slack.dev/interactivity/implementing-slash-commands */
function typed(who: string, trigger: string): object {
  return {
    command: '/trade',
    text: `cancel ${EXECUTION.split(':').at(-1)}`,
    user_id: who,
    team_id: 'T0OWN',
    trigger_id: trigger,
    response_url: `http://127.0.0.1/${trigger}`,
  };
}

/** A command is a form; what is pressed or submitted comes as JSON in one. */
function formOf(payload: object): Record<string, string> {
  return 'command' in payload ? { ...payload, command: '/trade' } : { payload: JSON.stringify(payload) };
}

function signed(form: Record<string, string>, now: number): LambdaFunctionURLEvent {
  const body = new URLSearchParams(form).toString();
  const timestamp = String(Math.floor(now / 1_000));
  const signature = createHmac('sha256', SECRET).update(`v0:${timestamp}:${body}`).digest('hex');
  const headers = {
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': `v0=${signature}`,
    'content-type': 'application/x-www-form-urlencoded',
  };
  const event: Partial<LambdaFunctionURLEvent> = { headers, body, isBase64Encoded: false };
  return event as LambdaFunctionURLEvent;
}
