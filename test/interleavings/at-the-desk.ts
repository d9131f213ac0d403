// Makes the gestures of the interleavings at the trading desk: presses over HTTP, and the clock of the local cloud.
// Omits what cannot be controlled there: the order of calls, and a function that stops at a given call.
import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { buttonsOf } from '../../local/slack/blocks/blocks.ts';
import type { Message } from '../../local/slack/slack.ts';
import { declineModalId } from '../../slack/views/decline-modal.ts';
import { hasButtons, type TradingDesk } from '../support/trading-desk.ts';
import { readApprovalValue } from '../../slack/views/approval-value.ts';
import type { ApprovalKey } from '../../domain/approval.ts';
import type { Gesture, Happening } from './gestures.ts';
import type { Button } from './presses.ts';
import type { Setting } from './trade.ts';

/** A request that people see, and what they did about it so far. */
export interface Asked {
  readonly message: Message;
  readonly executionArn: string;
  readonly key: ApprovalKey;
  /** In milliseconds since the epoch. */
  readonly deadline: number;
  /** Each thing that the bot was sent, and whether a modal opened by it. */
  readonly sent: { readonly status: unknown; readonly modal: boolean }[];
}

/** Few enough shares that the account can pay for all of them together. */
const quantities = { 1: 2, 2: 80, 3: 80 } as const;

export async function ask(desk: TradingDesk, { approvals, requester }: Setting): Promise<Asked> {
  const quantity = quantities[approvals];
  const before = desk.slack.messages().length;
  if (requester) await desk.slack.say(requester, `/trade AMZN ${quantity}`);
  else await desk.start({ symbol: 'AMZN', quantity });
  await desk.cloud.settled();
  const message = desk.slack.messages().slice(before).find(hasButtons);
  if (!message) throw new Error('Nobody was asked.');
  const executionArn = await desk.lastExecution();
  const key = keyOn(message);
  return { message, executionArn, key, deadline: desk.clock.now() + 900_000, sent: [] };
}

function keyOn({ blocks = [] }: Message): ApprovalKey {
  const key = readApprovalValue(blocks.flatMap(buttonsOf)[0]?.value)?.key;
  if (!key) throw new Error('The buttons carry nothing.');
  return key;
}

/** All of them, in their order; presses that do not wait, together with those before them. */
export async function gesture(desk: TradingDesk, asked: Asked, gestures: readonly Gesture[]): Promise<void> {
  let together: Promise<void>[] = [];
  const settled = async () => {
    await Promise.all(together);
    await desk.cloud.settled();
    together = [];
  };
  for (const { what, waits } of gestures) {
    const isPress = 'button' in what;
    if (waits || !isPress) await settled();
    together.push(happen(desk, asked, what));
    // Time would pass for a press in mid-air.
    if (!isPress) await settled();
  }
  await settled();
  // What was to fail once, and was never called.
  for (const { what } of gestures) if (isOfSlack(what)) desk.slack.stopFailing(what.fails);
}

type Failing = Extract<Happening, { readonly fails: string }>;

function isOfSlack(what: Happening): what is Failing {
  return 'fails' in what && what.fails !== 'SendTaskSuccess';
}

async function happen(desk: TradingDesk, asked: Asked, what: Happening): Promise<void> {
  const { cloud, clock, slack } = desk;
  if ('button' in what) await press(desk, asked, what);
  else if ('seconds' in what) {
    const end = what.of === 'now' ? clock.now() : asked.deadline;
    const time = what.of === 'now' ? what.seconds : -what.seconds;
    await cloud.advance(Math.max(0, end + time * 1_000 - clock.now()));
  } else if ('again' in what) await redeliver(desk, what.again);
  else if ('group' in what) {
    slack.setGroup('S0RISK', what.group);
    if (what.seen) await cloud.advance(300_000);
  } else if ('stop' in what) {
    await desk.sfn.send(new StopExecutionCommand({ executionArn: asked.executionArn }));
  } else if (isOfSlack(what)) {
    slack.refuse(what.fails, errors[what.how], { times: 1, after: what.how === 'lost' });
  }
}

const errors = { refused: 'internal_error', limited: 'ratelimited', lost: 'no_answer' } as const;

/** Nothing, where nothing was delivered from it yet. */
async function redeliver(desk: TradingDesk, queue: string): Promise<void> {
  const name = queue === 'results' ? 'RelayedResults' : 'Requests';
  await desk.redeliver(name).catch((error: unknown) => {
    if (!String(error).includes('Nothing was delivered')) throw error;
  });
}

interface VoteResult {
  readonly who: string;
  readonly button: Button;
  readonly twice: boolean;
}

/** Nothing, where the message bears that button no more. */
async function press(
  desk: TradingDesk,
  { message, sent }: Asked,
  { who, button, twice }: VoteResult,
): Promise<void> {
  const { slack } = desk;
  const buttons = (desk.now(message).blocks ?? []).flatMap(buttonsOf);
  if (!buttons.some(({ action_id }) => action_id === button)) return;
  const { status } = await slack.press(who, message.ts, button);
  await desk.cloud.settled();
  const modal = slack.modal(who);
  sent.push({ status, modal: modal !== undefined });
  if (modal?.callback_id === declineModalId) {
    const submitted = await slack.submit(who, { reason: 'Not now' });
    sent.push({ status: submitted.status, modal: false });
  } else if (modal) slack.closeModal(who);
  if (!twice) return;
  const again = await slack.redeliver();
  await desk.cloud.settled();
  // If the first delivery failed, the second opens the modal.
  const opened = slack.modal(who) !== undefined;
  sent.push({ status: again.status, modal: opened });
  if (opened) slack.closeModal(who);
}
