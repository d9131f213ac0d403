// Plays the states of the world: each state from each of its moments on, in each story of `stories.ts`. `npm run faults`
// and the tests use it.
import { rowName } from './cases.ts';
import { type Logged, loggedSince } from './conditions.ts';
import { ANA, BEN, CHLOE, DANA, type Harness } from './harness.ts';
import { takeBaseline, unasked, violations } from './invariants.ts';
import { peopleIn } from './people-in-state.ts';
import { runUntilIdle } from './run-until-idle.ts';
import { stories } from './stories.ts';
import type { Violation } from './violation.ts';
import { type Moment, moments, type StateInStory, stateInStory, worldStates } from './world-states.ts';

export interface StateCase {
  /** Name of the state. */
  readonly state: string;
  readonly moment: Moment;
  readonly story: string;
}

export interface StateResult {
  readonly testCase: StateCase;
  /** How the executions ended and how the system recovered, or `not reached` if the state did not begin. */
  readonly outcome: string;
  readonly violations: readonly Violation[];
}

export function allStateCases(): readonly StateCase[] {
  return worldStates.flatMap((state) =>
    state.moments.flatMap((moment) =>
      Object.keys(stories).map((story) => ({ state: state.name, moment, story })),
    ),
  );
}

/**
 * Time between two cases. The functions reserve slots of the rate limits by their own clock. By a clock that is an hour
 * behind, slots that were reserved by one that was an hour ahead must be in the past.
 */
const BETWEEN_CASES_MS = 3 * 60 * 60_000;

/** If a state begins after a press, nobody acts for this time. Meanwhile the list of approvers is fetched again. */
const AFTER_PRESS_MS = 6 * 60_000;

/** The calls before which the state `once decided` begins: a decision is sent, or a result arrived. */
const DECIDED = /^Bot → states (SendTaskSuccess|StopExecution)|^RelayResult → /;

/** A person of the case before may have been unable to submit a form, which then stays open. */
function closeModals({ slack }: Harness): void {
  for (const person of [ANA, BEN, CHLOE, DANA]) if (slack.modal(person)) slack.closeModal(person);
}

export async function playState(harness: Harness, testCase: StateCase): Promise<StateResult> {
  const { moment } = testCase;
  const state = worldStates.find(({ name }) => name === testCase.state);
  const story = stories[testCase.story];
  if (!state || !story) throw new Error(`There is no case ${testCase.state}, ${testCase.story}`);
  harness.clock.skip(BETWEEN_CASES_MS);
  closeModals(harness);
  const baseline = await takeBaseline(harness);
  const logged = loggedSince(harness, harness.events.length);
  const inStory = stateInStory(state, moment, harness);
  harness.proxy.intercept((call) => {
    if (moment === moments.decided && DECIDED.test(rowName(call))) inStory.begin();
    return undefined;
  });
  if (moment === moments.posted) inStory.beginAtPost();
  if (moment === moments.start) inStory.begin();
  const onPress = async () => {
    if (moment !== moments.pressed || inStory.hasBegun()) return;
    inStory.begin();
    await harness.cloud.advance(AFTER_PRESS_MS);
  };
  await story(peopleIn(harness, inStory, onPress));
  const during = await runUntilIdle(harness, { redrives: false });
  const unreported = (await unasked(harness, baseline)).length;
  inStory.end();
  const afterwards = await runUntilIdle(harness);
  harness.onEvent(() => {});
  const found: readonly Violation[] = [
    ...during.stuck
      .filter((each) => !isJustified(each, unreported, inStory))
      .map((description): Violation => ({ kind: 'stuck', description: `while it lasts: ${description}` })),
    ...afterwards.stuck.map((description): Violation => ({ kind: 'stuck', description })),
    ...harness.takeUnanswered().map((description): Violation => ({ kind: 'silent', description })),
    ...(await violations(harness, baseline, { conditions: inStory.conditions(), logged })),
  ];
  return { testCase, outcome: inStory.hasBegun() ? outcomeOf(logged) : 'not reached', violations: found };
}

/**
 * While the channel is closed, the result of an execution that asked nobody has nobody to be told to. It becomes a dead
 * letter, which raises an alarm, and is told when an operator has restored the channel and redrives it.
 */
function isJustified(stuck: string, unreported: number, { conditions }: StateInStory): boolean {
  const [, letters] = /^dead letters in .*RelayedResults.*: (\d+)$/.exec(stuck) ?? [];
  return conditions().channelClosedAt !== undefined && letters !== undefined && Number(letters) <= unreported;
}

function outcomeOf(logged: Logged): string {
  const outcomes = logged('completion_notified').map((line) => /"outcome":"(\w+)"/.exec(line)?.[1] ?? '');
  const recoveries = [
    logged('channel_unreachable').length > 0 && 'told directly',
    logged('person_unreachable').length > 0 && 'not told to one',
    logged('result_refused').length > 0 && 'refused first',
    logged('message_requeued').length > 0 && 'requeued',
    logged('repaired').length > 0 && 'repaired',
  ].filter((each) => each !== false);
  return [outcomes.join(', ') || 'nothing', ...recoveries].join('; ');
}
