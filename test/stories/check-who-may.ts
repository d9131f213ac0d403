// Plays docs/reference/who-may.md: ways in with every kind of person, through signed requests. Each cell says what the person may
// do, or with which words they are refused. Called by who-may.test.ts and who-may.slow.test.ts.
import { readFileSync } from 'node:fs';
import { ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Message } from '../../local/slack/slack.ts';
import { tellMarket } from '../support/market.ts';
import { ANA, BEN, CHLOE, MORNING, openTradingDesk, type TradingDesk } from '../support/trading-desk.ts';

const DANA = 'U0DANA';
const MINUTE = 60_000;

interface Row {
  readonly ways: readonly string[];
  readonly cells: Readonly<Record<string, string>>;
}

/** Ways that another way of the same row plays as its second step. */
const PLAYED_BY_ANOTHER = ['decline_modal', 'cancel_modal', 'more_pending', 'settings_modal'];

const [requestTable, overTable, orderTable, freeTable, machineTable, wordTable] =
  tablesOf('docs/reference/who-may.md');
const requestRows = rowsOf(requestTable);
const overRows = rowsOf(overTable);
const orderRows = rowsOf(orderTable);
const freeRows = rowsOf(freeTable);
const words = Object.fromEntries(
  (wordTable ?? []).slice(2).map(([code = '', answer = '']) => [code, /`([^`]+)`/.exec(answer)?.[1] ?? '']),
);

/** The ways in that have a row in a table of people. */
export const namedWays = [...requestRows, ...overRows, ...orderRows, ...freeRows].flatMap(({ ways }) => ways);
/** The queues that have a row. */
export const namedQueues = (machineTable ?? []).map(([way = '']) => /`(\w+)`/.exec(way)?.[1]);

let desk: TradingDesk;

/** The person of each kind. A requester of each kind is Ana, unless a scene says otherwise. */
const persons: Readonly<Record<string, string>> = {
  approver: CHLOE,
  requester: ANA,
  'former requester': ANA,
  delegate: DANA,
  'absent approver': BEN,
  stranger: 'U0SAM',
  guest: 'U0GINA',
  invited: 'U0IDA',
  foreign: 'U0EVE',
  deactivated: 'U0FRED',
  bot: 'U0ROBO',
  Slackbot: 'USLACKBOT',
  hidden: 'U0ZED',
};

/** Brings about the scene in which the person is of this kind, and returns the message of a pending request in it. */
async function scene(kind: string, quantity: number): Promise<Message> {
  const isAway = kind === 'delegate' || kind === 'absent approver';
  await setAway(BEN, isAway ? DANA : undefined);
  await desk.slack.say(ANA, `/trade AMZN ${quantity}`);
  await desk.cloud.settled();
  const first = lastPost();
  if (kind !== 'former requester') return first;
  await desk.decline(CHLOE, first);
  await desk.press(BEN, first, 'resubmit');
  return lastPost();
}

/** An approved order that waits at the broker, because the price moved away from its limit. */
async function workingOrder(kind: string, quantity: number): Promise<Message> {
  const message = await scene(kind, quantity);
  await tellMarket(desk, 'AMZN', { factor: message.text.startsWith('Pending: Buy') ? 1.03 : 0.97 });
  await desk.press(CHLOE, message, 'approve');
  await desk.cloud.advance(2_000);
  await tellMarket(desk, 'AMZN', {});
  return message;
}

async function isCancelled(message: Message): Promise<boolean> {
  const isRequested = desk.replies(message).some(({ text }) => text.includes('cancels the order'));
  await desk.cloud.advance(6 * MINUTE);
  return isRequested;
}

function lastPost(): Message {
  const message = desk.posts().at(-1);
  if (!message) throw new Error('Nothing was posted.');
  return message;
}

const isPending = ({ blocks = [] }: Message) => JSON.stringify(blocks).includes('"action_id":"decline"');

let away: string | undefined;

async function setAway(person: string, delegate: string | undefined): Promise<void> {
  if (away === delegate) return;
  away = delegate;
  const tomorrow = new Date(desk.clock.now() + 24 * 60 * MINUTE).toISOString().slice(0, 10);
  await saveSettings(person, delegate ? { until: tomorrow, delegate } : { until: '', delegate: '' });
}

async function saveSettings(person: string, values: Readonly<Record<string, string>>): Promise<void> {
  await desk.slack.openHome(person);
  await desk.slack.press(person, desk.slack.home(person)?.id ?? '', 'settings');
  await desk.slack.submit(person, values);
  await desk.cloud.settled();
}

async function executionCount(): Promise<number> {
  const stateMachineArn = desk.cloud.outputs['StateMachineArn'];
  return (await desk.sfn.send(new ListExecutionsCommand({ stateMachineArn }))).executions?.length ?? 0;
}

/** Everything that the person can read: private answers, direct messages, an open modal, and Home. */
function read(person: string): string {
  const modal = JSON.stringify(desk.slack.modal(person) ?? '');
  const direct = desk.slack.directMessages(person).map(({ text }) => text);
  return [...desk.privately(person), ...direct, modal].join('\n');
}

async function says(person: string, command: string): Promise<string> {
  await desk.slack.say(person, command);
  await desk.cloud.settled();
  return desk.privately(person).at(-1) ?? '';
}

/** The result of an attempt: whether it had an effect, and every new text that the person reads. */
interface Played {
  readonly happened: boolean;
  readonly answer: string;
}

const nameOf = (message: Message) => /ref `([\w-]+)`/.exec(message.text)?.[1] ?? '';

type Play = (person: string, kind: string, quantity: number) => Promise<Played>;

const plays: Readonly<Record<string, Play>> = {
  approve: async (person, kind, quantity) => {
    const message = await scene(kind, quantity);
    await desk.press(person, message, 'approve');
    return { happened: desk.now(message).text.startsWith('Filled'), answer: read(person) };
  },
  undo_approval: async (person, kind) => {
    // Two must approve, so one approval can be undone. Chloe's own is there, and Dana's if she is a delegate elsewhere.
    await setAway(BEN, undefined);
    const message = await desk.ask('/trade AMZN 500');
    await desk.press(CHLOE, message, 'approve');
    const voter = kind === 'delegate' ? DANA : CHLOE;
    if (voter === DANA) {
      await desk.slack.press(CHLOE, message.ts, 'undo_approval');
      await desk.press(DANA, message, 'approve');
    }
    await desk.slack.press(person, message.ts, 'undo_approval');
    await desk.cloud.settled();
    const happened = !/^1 of 2/m.test(desk.now(message).text);
    return { happened, answer: read(person) };
  },
  decline: async (person, kind, quantity) => {
    const message = await scene(kind, quantity);
    await desk.slack.press(person, message.ts, 'decline');
    await desk.cloud.settled();
    const answer = read(person);
    const asks = answer.includes('decline_modal');
    if (asks) await desk.slack.submit(person, { reason: 'No' });
    else if (desk.slack.modal(person)) desk.slack.closeModal(person);
    await desk.cloud.settled();
    return { happened: desk.now(message).text.match(/^(Declined|Withdrawn)/) !== null, answer };
  },
  cancel: async (person, kind, quantity) => {
    const message = await scene(kind, quantity);
    const answer = await says(person, `/trade cancel ${nameOf(message)}`);
    if (desk.slack.modal(person)) await desk.slack.submit(person, { reason: 'Stop' });
    await desk.cloud.settled();
    return { happened: desk.now(message).text.startsWith('Cancelled'), answer };
  },
  pending: async (person, kind, quantity) => {
    await scene(kind, quantity);
    const answer = await says(person, '/trade pending');
    return { happened: answer.includes(` ${quantity} AMZN`), answer };
  },
  status: async (person, kind, quantity) => {
    const message = await scene(kind, quantity);
    const answer = await says(person, `/trade status ${nameOf(message)}`);
    return { happened: answer.includes(` ${quantity} AMZN`), answer };
  },
  app_home_opened: async (person, kind, quantity) => {
    await scene(kind, quantity);
    await desk.slack.openHome(person);
    const answer = JSON.stringify(desk.slack.home(person)?.blocks ?? '');
    return { happened: answer.includes(` ${quantity} AMZN`), answer };
  },
  resubmit: async (person, kind, quantity) => {
    const message = await scene(kind, quantity);
    await desk.decline(CHLOE, message);
    const before = await executionCount();
    await desk.press(person, message, 'resubmit');
    return { happened: (await executionCount()) > before, answer: read(person) };
  },
  'trade-cancel-order': async (person, kind, quantity) => {
    const message = await workingOrder(kind, quantity);
    await desk.slack.press(person, desk.replies(message)[0]?.ts ?? '', 'trade-cancel-order');
    await desk.cloud.settled();
    return { happened: await isCancelled(message), answer: read(person) };
  },
  cancel_order: async (person, kind, quantity) => {
    const message = await workingOrder(kind, quantity);
    const answer = await says(person, `/trade cancel ${nameOf(message)}`);
    return { happened: await isCancelled(message), answer };
  },
  positions: async (person) => {
    const answer = await says(person, '/trade positions');
    return { happened: answer.startsWith('*Cash*'), answer };
  },
  '/trade': async (person) => {
    const before = await executionCount();
    const answer = await says(person, '/trade MSFT 1');
    return { happened: (await executionCount()) > before, answer };
  },
  trade_form: async (person) => {
    const before = await executionCount();
    const typed = await says(person, '/trade');
    if (!desk.slack.modal(person)) return { happened: false, answer: typed };
    await desk.slack.submit(person, { symbol: 'MSFT', quantity: '1' });
    await desk.cloud.settled();
    return { happened: (await executionCount()) > before, answer: read(person) };
  },
  audit: async (person) => {
    const month = new Date(desk.clock.now()).toISOString().slice(0, 7);
    const answer = await says(person, `/trade audit ${month}`);
    return { happened: answer.includes('to you alone'), answer };
  },
  settings: async (person, kind) => {
    const isAway = kind === 'delegate' || kind === 'absent approver';
    await setAway(BEN, isAway ? DANA : undefined);
    await desk.slack.openHome(person);
    await desk.slack.press(person, desk.slack.home(person)?.id ?? '', 'settings');
    const opened = desk.slack.modal(person) !== undefined;
    await desk.slack.submit(person, {});
    return { happened: opened && desk.slack.modal(person) === undefined, answer: '' };
  },
  refuse_delegation: async (person, kind) => {
    await setAway(BEN, undefined);
    await setAway(BEN, DANA);
    const told = desk.slack.directMessages(DANA).at(-1)?.ts ?? '';
    await desk.slack.press(DANA, told, 'refuse_delegation');
    const pressed = desk.slack.lastRequest();
    await desk.cloud.settled();
    away = undefined;
    if (kind !== 'delegate' && pressed) {
      // Only Dana sees the button, so the same press is sent again in the name of the other person.
      await setAway(BEN, DANA);
      await desk.slack.redeliver({ ...pressed, body: pressed.body.replaceAll(DANA, person) });
    }
    await desk.slack.openHome(BEN);
    const happened = !JSON.stringify(desk.slack.home(BEN)).includes('Your delegate is <@U0DANA>');
    // The private answer goes where the press came from, which are Dana's direct messages.
    return { happened, answer: desk.slack.directMessages(DANA).at(-1)?.text ?? '' };
  },
};

let quantity = 1;
let lastWay = '';

/** Plays a cell. Returns `yes`, or the expected code if the person was refused with its words. */
async function outcomeOf(way: string, kind: string, expected: string): Promise<string> {
  const play = plays[way];
  if (!play) throw new Error(`No play for ${way}`);
  // Small enough that one approval decides.
  quantity = (quantity % 80) + 1;
  // After an hour everything before has expired, and everybody may start executions again. The seconds keep the messages
  // of all cells within the channel's rate.
  await desk.cloud.advance(way === lastWay ? 5_000 : 61 * MINUTE);
  lastWay = way;
  try {
    const { happened, answer } = await play(persons[kind] ?? '', kind, quantity);
    for (const message of desk.posts()) if (isPending(message)) await desk.decline(CHLOE, message);
    if (happened) return 'yes';
    return answer.includes(words[expected] ?? expected) ? expected : `refused with the words: ${answer}`;
  } catch (error) {
    if (String(error).includes("has nothing to do with the app's Home")) return 'no home';
    throw error;
  }
}

const cells = [...requestRows, ...overRows, ...orderRows, ...freeRows].flatMap(({ ways, cells: columns }) =>
  ways
    .filter((way) => !PLAYED_BY_ANOTHER.includes(way))
    .flatMap((way) => Object.entries(columns).map(([kind, code]) => [way, kind, code] as const)),
);

/** Defines a test for each cell of the ways in that `isPlayed` chooses. */
export function checkTable(isPlayed: (way: string) => boolean): void {
  beforeAll(async () => {
    desk = await openTradingDesk(MORNING);
  });
  afterAll(() => desk.stop());

  it.each(cells.filter(([way]) => isPlayed(way)))('holds for %s by the %s: %s', async (way, kind, code) => {
    expect(await outcomeOf(way, kind, code)).toBe(code);
  });
}

/** Every table of a Markdown file, as cells. */
function tablesOf(file: string): readonly (readonly (readonly string[])[])[] {
  const tables: string[][][] = [];
  let isIn = false;
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (!line.startsWith('|')) isIn = false;
    else {
      if (!isIn) tables.push([]);
      isIn = true;
      tables.at(-1)?.push(
        line
          .slice(1, -1)
          .split('|')
          .map((cell) => cell.trim()),
      );
    }
  }
  return tables;
}

function rowsOf(table: readonly (readonly string[])[] = []): readonly Row[] {
  const [[, ...kinds] = [], , ...rows] = table;
  return rows.map(([way = '', ...codes]) => ({
    ways: [...way.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
    cells: Object.fromEntries(kinds.map((kind, at) => [kind, codes[at] ?? ''])),
  }));
}
