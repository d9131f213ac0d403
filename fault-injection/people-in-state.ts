// The people of the stories in a state of the world: they do what a person would do there. If a person cannot act, a
// colleague acts, or nobody. If the channel has no button, they use Home. `state-cases.ts` plays the stories with them.
import { buttonsOf } from '../local/slack/blocks/blocks.ts';
import { ANA, BEN, CHLOE, didNothing, type Harness } from './harness.ts';
import type { StateInStory } from './world-states.ts';

/** Acts in place of a person who cannot. */
const colleague: Readonly<Record<string, string>> = { [BEN]: CHLOE };

/** @param onPress called when the press of an approver, and all that follows from it, is over */
export function peopleIn(
  harness: Harness,
  { state, hasBegun }: StateInStory,
  onPress: () => Promise<void>,
): Harness {
  const { slack } = harness;
  const startedAt = harness.clock.now();
  const isAbsent = (person: string) => hasBegun() && state.absent === person;
  const whoActs = (person: string) => (isAbsent(person) ? colleague[person] : person);
  const unlessAbsent = async (person: string, act: () => Promise<void>) => {
    if (!isAbsent(person)) await act();
  };

  const buttonInHome = (person: string, action: string) =>
    (slack.home(person)?.blocks ?? []).flatMap(buttonsOf).find(({ action_id }) => action_id === action);

  async function pressInHome(person: string, action: string): Promise<void> {
    await harness.does(person, 'opened Home', () => slack.openHome(person));
    const value = buttonInHome(person, action)?.value;
    if (value === undefined) return;
    await harness.does(person, `pressed ${action} in Home`, async () =>
      buttonInHome(person, action)?.value === value
        ? slack.press(person, slack.home(person)?.id ?? '', action, { value })
        : didNothing,
    );
  }

  return {
    ...harness,
    slack: {
      ...slack,
      say: async (person, text) => (isAbsent(person) ? didNothing : slack.say(person, text)),
      press: async (person, ...press) => (isAbsent(person) ? didNothing : slack.press(person, ...press)),
      submit: async (person, values) => (isAbsent(person) ? didNothing : slack.submit(person, values)),
    },
    withButton: (action) => () => {
      const found = hasBegun() && state.hasNoButtons ? undefined : harness.withButton(action)();
      // Messages of earlier cases may still have buttons, because they could not be updated.
      return found !== undefined && Number(found) * 1_000 >= startedAt ? found : undefined;
    },
    does: (person, description, action) =>
      unlessAbsent(person, () => harness.does(person, description, action)),
    says: (person, text) => unlessAbsent(person, () => harness.says(person, text)),
    submits: (person, values) => unlessAbsent(person, () => harness.submits(person, values)),
    async presses(person, where, action) {
      const actor = whoActs(person);
      if (actor === undefined) return;
      if (where() !== undefined) await harness.presses(actor, where, action);
      else if (hasBegun()) await pressInHome(actor, action);
      if (actor !== ANA) await onPress();
    },
  };
}
