// States of the world: conditions that begin at some moment of a story and last, such as an archived channel. A fault of
// `fault-types.ts` concerns one call; a state concerns everything from its beginning on. `state-cases.ts` plays each
// state in each story.
import type { Message } from '../local/slack/slack.ts';
import type { Conditions } from './conditions.ts';
import { aboutApproval, ANA, BEN, type Harness } from './harness.ts';

/** When a state begins. */
export const moments = {
  /** Before the story. */
  start: 'from the start',
  /** When Slack accepts the first message of an approval, before the function knows. */
  posted: 'once posted',
  /** When the first press of an approver, and all that follows from it, is over. */
  pressed: 'once pressed',
  /** When the bot is about to send a decision to Step Functions, or when a result arrives. */
  decided: 'once decided',
} as const;

export type Moment = (typeof moments)[keyof typeof moments];

export interface WorldState {
  readonly name: string;
  readonly moments: readonly Moment[];
  readonly begin: (harness: Harness) => void;
  /** Called for each approval's message that is posted while the state lasts, and at its beginning for the last one. */
  readonly onPost?: (harness: Harness, message: Message) => void;
  /** What an operator or time ends: the channel is restored, the clock is corrected. */
  readonly end: (harness: Harness) => void;
  /** What is impossible since the state began. @param beganAt by the clock of AWS and Slack */
  readonly conditions: (
    beganAt: number,
    moment: Moment,
  ) => Omit<Conditions, 'deleted' | 'skewMs'> & { readonly skewMs?: number };
  /** Whether people cannot press the buttons of messages in the channel. They then use Home. */
  readonly hasNoButtons?: true;
  /** Who can do nothing in Slack any more. */
  readonly absent?: string;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Slack's requests are refused if their time differs by more than five minutes from the bot's clock. */
const MAX_SIGNATURE_AGE_MS = 5 * MINUTE;

const { start, posted, pressed, decided } = moments;

export const worldStates: readonly WorldState[] = [
  {
    name: 'channel archived',
    moments: [start, posted, decided],
    begin: ({ slack }) => slack.setArchived(true),
    end: ({ slack }) => slack.setArchived(false),
    conditions: (channelClosedAt) => ({ channelClosedAt }),
    hasNoButtons: true,
  },
  ...(['public', 'private'] as const).map((from): WorldState => ({
    name: `bot removed from a ${from} channel`,
    moments: [start, posted, decided],
    begin: ({ slack }) => slack.removeApp(from),
    end: ({ slack }) => slack.removeApp(undefined),
    conditions: (channelClosedAt) => ({ channelClosedAt }),
  })),
  // The call of a state fails, before or after SQS or SNS accepts the message.
  ...(['SQS', 'SNS'] as const).flatMap((service) =>
    (['before', 'after'] as const).map((moment): WorldState => ({
      name: `${service} answers a state with 500 ${moment} delivery`,
      moments: [start],
      begin: ({ cloud }) => cloud.failNextTask(service, moment),
      end: ({ cloud }) => cloud.failNextTask(service, undefined),
      conditions: () => ({}),
    })),
  ),
  {
    // The message of a trade has a chart. `once posted`: Slack refuses the update of a message that it accepted before.
    name: 'workspace without charts',
    moments: [start, posted],
    begin: ({ slack }) => slack.refuseBlocks(['data_visualization']),
    end: ({ slack }) => slack.refuseBlocks([]),
    conditions: () => ({}),
  },
  {
    name: 'message deleted',
    moments: [posted, decided],
    begin: () => {},
    onPost: ({ slack }, { ts }) => slack.deleteMessage(ts),
    end: () => {},
    conditions: () => ({}),
  },
  {
    name: 'requester refuses direct messages',
    moments: [start, decided],
    begin: ({ slack }) => slack.refuseDirectMessages(ANA, 'user_not_found'),
    end: ({ slack }) => slack.refuseDirectMessages(ANA, undefined),
    conditions: () => ({ unreachable: ANA }),
  },
  {
    // Slack accepts direct messages to deactivated people: https://github.com/slackapi/python-slack-sdk/issues/1156
    name: 'requester deactivated',
    moments: [posted, decided],
    begin: ({ slack }) => slack.deactivate(ANA),
    end: ({ slack }) => slack.reactivate(ANA),
    conditions: (at) => ({ deactivated: { person: ANA, at } }),
    absent: ANA,
  },
  {
    name: 'approver deactivated',
    moments: [start, posted, pressed, decided],
    begin: ({ slack }) => {
      slack.deactivate(BEN);
      slack.setGroup('S0RISK', ['U0CHLOE', 'U0DANA']);
    },
    end: ({ slack }) => {
      slack.reactivate(BEN);
      slack.setGroup('S0RISK', ['U0BEN', 'U0CHLOE', 'U0DANA']);
    },
    conditions: (at) => ({ deactivated: { person: BEN, at } }),
    absent: BEN,
  },
  ...(
    [
      ['an hour ahead', HOUR],
      ['an hour behind', -HOUR],
      // The bot still accepts the requests of Slack.
      ['four minutes ahead', 4 * MINUTE],
      ['four minutes behind', -4 * MINUTE],
    ] as const
  ).map(([name, skewMs]): WorldState => ({
    name: `functions' clock ${name}`,
    moments: [start, posted, decided],
    begin: ({ clock }) => clock.skewFunctions(skewMs),
    end: ({ clock }) => clock.skewFunctions(0),
    conditions: (beganAt, moment) => ({
      skewMs,
      ...(skewMs < 0 && moment !== start && { slotsFrom: beganAt - skewMs }),
      ...(Math.abs(skewMs) > MAX_SIGNATURE_AGE_MS && { refusesRequestsSince: beganAt }),
    }),
  })),
];

/** A state in a story: whether it has begun, and its conditions. */
export interface StateInStory {
  readonly state: WorldState;
  readonly hasBegun: () => boolean;
  begin(): void;
  /** Begins the state when Slack accepts the next message of an approval. */
  beginAtPost(): void;
  /** Ends the state, if it has begun. */
  end(): void;
  readonly conditions: () => Conditions;
}

export function stateInStory(state: WorldState, moment: Moment, harness: Harness): StateInStory {
  const deleted = new Set<string>();
  let beganAt: number | undefined;
  let isOver = false;
  let beginsAtPost = false;
  const apply = (message: Message): void => {
    const id = aboutApproval(message);
    if (!id || !state.onPost) return;
    state.onPost(harness, message);
    deleted.add(id);
  };
  const begin = (): void => {
    if (beganAt !== undefined) return;
    beganAt = harness.clock.now();
    state.begin(harness);
    const last = harness.slack.messages().findLast((message) => aboutApproval(message) !== undefined);
    if (last) apply(last);
  };
  harness.onEvent(({ event, ...fields }) => {
    if (isOver || event !== 'method_called' || fields['method'] !== 'chat.postMessage') return;
    const message = harness.slack.messages().find(({ ts }) => ts === fields['ts']);
    if (!message || !aboutApproval(message)) return;
    if (beganAt !== undefined) apply(message);
    else if (beginsAtPost) begin();
  });
  return {
    state,
    hasBegun: () => beganAt !== undefined,
    begin,
    beginAtPost() {
      beginsAtPost = true;
    },
    end() {
      if (beganAt !== undefined) state.end(harness);
      isOver = true;
    },
    conditions: () => ({
      deleted,
      skewMs: 0,
      ...(beganAt !== undefined && state.conditions(beganAt, moment)),
    }),
  };
}
