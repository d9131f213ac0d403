// Plays gestures in a world: chooses, at each turn, a waiting call, a delivery or the next gesture. Called by the
// property of the interleavings.
import { digestTerms } from '../../domain/terms.ts';
import type { Gesture, Happening } from './gestures.ts';
import type { Button, Shown } from './presses.ts';
import { EXECUTION, STOPPED } from './execution.ts';
import { inputOf, termsOf } from './trade.ts';
import { KEY, type World } from './world.ts';

/** What may be next. */
type Option = () => void;

export async function play(
  world: World,
  gestures: readonly Gesture[],
  choices: readonly number[],
): Promise<void> {
  const rest = [...gestures];
  const left = choices.values();
  for (;;) {
    await world.turns.quiet();
    const options = optionsIn(world, rest);
    const option = options[(left.next().value ?? 0) % options.length];
    if (option) option();
    else if (!skipToNextDelivery(world)) return;
  }
}

/** Lets all that was asked and pressed come to its end, and the watch come by as it does every minute. */
export async function settle(world: World): Promise<void> {
  // The next refresh of the approvers repairs whatever failed.
  if (world.broken.length > 0) world.clock.advance(300_000);
  await play(world, [], []);
  // What is to break next may break a watch; another follows in a minute.
  for (let watches = 0; watches <= world.broken.length; watches += 1) {
    world.queues.send('watches', {});
    await play(world, [], []);
  }
}

export async function expire(world: World): Promise<void> {
  world.clock.advanceTo(world.deadline);
  await play(world, [], []);
}

/** The one that waits longest first, the next gesture last: with no choices, one thing is done after the other. */
function optionsIn(world: World, rest: Gesture[]): readonly Option[] {
  const { turns, queues, presses, history } = world;
  const calls = turns.waiting.map(({ by, what, go }) => () => {
    history.push(`  ${by.what}: ${what}`);
    go();
  });
  const options = [...calls, ...queues.due, ...presses.due];
  const [next] = rest;
  const waits = next?.waits || (next && secondsOf(world, next.what) > LIFETIME);
  if (!next || (waits && options.length > 0)) return options;
  return [
    ...options,
    () => {
      rest.shift();
      history.push(JSON.stringify(next.what));
      happen(world, next.what);
    },
  ];
}

/** False: nothing is to be delivered any more. */
function skipToNextDelivery({ queues, clock }: World): boolean {
  const { nextDue } = queues;
  if (nextDue !== undefined) clock.advanceTo(nextDue);
  return nextDue !== undefined;
}

/** No invocation lives longer, in seconds: what takes more time happens when none runs. */
const LIFETIME = 30;

function secondsOf({ clock, deadline }: World, what: Happening): number {
  if (!('seconds' in what)) return 0;
  if (what.of === 'now') return what.seconds;
  return Math.max(0, (deadline - clock.now()) / 1_000 - what.seconds);
}

function happen(world: World, what: Happening): void {
  const { clock, queues, slack, execution, presses } = world;
  if ('button' in what) press(world, what);
  else if ('seconds' in what) {
    clock.advance(secondsOf(world, what) * 1_000);
    if (what.seconds > 200) queues.send('watches', {});
  } else if ('cancels' in what) presses.cancel(what.cancels);
  else if ('away' in what) {
    setAbsence(world, what);
    if (what.seen) queues.send('watches', {});
  } else if ('group' in what) {
    slack.setGroup(what.group);
    if (what.seen) queues.send('watches', {});
  } else if ('again' in what) queues.repeat(what.again);
  else if ('amends' in what) publishAmendment(world, what.amends);
  else if ('stop' in what) execution.end('cancelled', ['waiting', 'trading'], STOPPED);
  else breakIt(world, what);
}

function breakIt(
  { slack, execution, turns, broken }: World,
  what: Extract<Happening, { how: string } | { dies: number }>,
): void {
  if ('dies' in what) {
    const dying = turns.running[what.dies % turns.running.length];
    if (!dying) return;
    turns.kill(dying);
    broken.push(`${dying.what} died`);
  } else {
    if (what.fails !== 'SendTaskSuccess') slack.failNext(what.fails, what.how);
    else execution.failNext(what.how === 'lost' ? 'lost' : 'refused');
    broken.push(what.fails);
  }
}

/** As the submission of the settings does it; who is out is out all day. */
function setAbsence(
  { turns, people }: World,
  { away, back, delegate }: Extract<Happening, { away: string }>,
): void {
  const outUntil = back ? undefined : '2026-11-02';
  const set = () => people.setPreferences(away, { directMessages: true, outUntil, delegate });
  turns.start('settings', set, () => {});
}

/** The changed request keeps its amount, and so its policy. */
function publishAmendment({ queues, setting }: World, times: number): void {
  const { request } = inputOf(setting);
  const expectedDigest = digestTerms(termsOf(setting, 'first')).digest;
  const changed = { ...request, reason: 'Changed.', terms: termsOf(setting, 'changed') };
  for (let sent = 0; sent < times; sent += 1)
    queues.send('results', {
      ExecutionId: EXECUTION,
      Input: { amendment: { expectedDigest, request: changed } },
    });
}

/** A person presses what they saw, be it still there or not; before the message there is nothing to press. */
function press(
  { slack, presses, setting }: World,
  { who, button, twice, shown }: { who: string; button: Button; twice: boolean; shown: Shown },
): void {
  const message = slack.posts().at(-1);
  if (!message) return;
  const terms = shown === 'none' ? undefined : digestTerms(termsOf(setting, shown)).digest;
  const value = JSON.stringify({ ...KEY, termsDigest: terms });
  presses.make({ who, button, twice, shown, message: message.ts, value });
}
