// Plays random lives of two orders that compete for the same cash: workers are killed, late or doubled, people cancel orders,
// executions are stopped and redriven, and events of their ends are late or lost. A failing run is shrunk and printed with
// its history, and with its seed and path, which repeat it:
//   ORDER_LIVES_SEED=… ORDER_LIVES_PATH=… npx vitest run test/functions/trading/order-life-interleavings.test.ts
// ORDER_LIVES=10000 plays more of them.
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  filledOrders,
  openOrders,
  openReservations,
  unexplainedCents,
} from '../../../fault-injection/paper-orders.ts';
import { type Action, action } from './order-life-actions.ts';
import type { Life } from './order-life-setup.ts';
import { nameOf, openWorld, type World } from './order-life-world.ts';

const { ORDER_LIVES: given, ORDER_LIVES_SEED: seed, ORDER_LIVES_PATH: path } = process.env;
const RUNS = 150;
const numRuns = Number(given ?? RUNS);

it(
  'an order has one end, which is told as it was, in any life of its execution',
  async () => {
    const replay = { ...(seed && { seed: Number(seed) }), ...(path && { path }) };
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 3, maxLength: 25 }), async (actions) => {
        const world = await openWorld();
        for (const each of actions) await perform(each, world);
        await settle(world);
        const faults = [...world.faults, ...faultsAtTheEnd(world)];
        const told = [...faults, '', 'What happened:', ...world.history, ''].join('\n');
        expect(faults.length === 0 ? '' : told).toBe('');
      }),
      { numRuns, ...replay },
    );
  },
  60_000 + numRuns * 100,
);

async function perform(each: Action, world: World): Promise<unknown> {
  switch (each.kind) {
    case 'advance':
      return world.advance(each.seconds);
    case 'price':
      world.note(`the price is ${JSON.stringify(each.told)}`);
      return world.price(each.told);
    case 'deliver':
      return world.deliver(each.fate, each.index);
    case 'sweep':
      return world.sweep();
    case 'resume':
      return world.resume(each.index);
    case 'run':
    case 'two':
    case 'requestCancel':
    case 'redrive':
    case 'stop':
      return performOn(lifeOf(each.which, world), each, world);
  }
}

async function performOn(
  life: Life,
  each: Extract<Action, { readonly which: number }>,
  world: World,
): Promise<unknown> {
  switch (each.kind) {
    case 'run':
      return world.run(life, 'fate' in each ? each.fate : undefined);
    case 'two':
      return Promise.all([world.run(life, each), world.run(life, { delays: each.others })]);
    case 'requestCancel':
      return world.requestCancel(life);
    case 'redrive':
      return world.redrive(life);
    case 'stop':
      world.stop(life, each.event === 'never');
      return each.event === 'now' ? world.deliver(undefined, world.pending.length - 1) : undefined;
  }
}

function lifeOf(which: number, { lives }: World): Life {
  const life = lives[which];
  if (!life) throw new Error(`There is no execution ${which}.`);
  return life;
}

/** Time passes until nothing is left to do. */
async function settle(world: World): Promise<void> {
  const { late, lives, pending } = world;
  while (late.length > 0) await world.resume();
  const isOver = () =>
    pending.length === 0 &&
    lives.every(({ described }) => described.status !== 'RUNNING') &&
    openReservations(world.items()).length === 0;
  for (let rounds = 0; rounds < 30 && !isOver(); rounds++) {
    world.advance(61);
    await world.sweep();
    for (let count = pending.length; count > 0; count--) await world.deliver();
    for (const life of lives) await world.run(life);
  }
  if (!isOver()) world.faults.push('Something is left to do.');
}

function faultsAtTheEnd(world: World): readonly string[] {
  const items = world.items();
  const placed = items.filter(({ account }) => String(account).startsWith('paper-order '));
  const known = ['earlier', ...world.lives.map(({ id }) => id)].map((id) => `paper-order ${id}`);
  return [
    ...placed.filter(({ account }) => !known.includes(account)).map(({ account }) => `Unknown: ${account}`),
    ...openOrders(items).map((id) => `The order ${id} is open.`),
    ...openReservations(items).map((id) => `The order ${id} has a reservation.`),
    ...(unexplainedCents(items) === 0 ? [] : [`${unexplainedCents(items)} cents are not explained.`]),
    ...world.lives.flatMap((life) => faultsOf(life, filledOrders(items))),
  ];
}

function faultsOf(life: Life, filled: ReturnType<typeof filledOrders>): readonly string[] {
  const { described, told, result, isEventLost } = life;
  const hasSucceeded = described.status === 'SUCCEEDED';
  // The reconciler of approvals tells of an end whose event is lost, if no reservation was left for the sweep to find.
  if (!hasSucceeded && isEventLost && told.length === 0) return [];
  const last = hasSucceeded ? result : told.at(-1);
  if (!last) return [`The end of ${nameOf(life)}, ${described.status}, was not told.`];
  const bought = filled.find(({ id }) => id === life.id)?.filled ?? 0;
  const said = Number(/Bought (\d+)/.exec(last.text ?? '')?.[1] ?? 0);
  return [
    ...(said === bought ? [] : [`${nameOf(life)} bought ${bought}, and was told: ${last.text}`]),
    ...(hasSucceeded || new Set(told.map(({ text }) => text)).size === 1
      ? []
      : [`${nameOf(life)} was told different ends.`]),
  ];
}
