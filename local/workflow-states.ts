// Lists a definition's states in the order of the flow, each with its next states and whether a path can skip it.
// Called by `workflow-panel.ts`.
import type { WorkflowState } from './slack/store/workflow.ts';

interface Target {
  readonly Next?: string;
}

interface Condition extends Target {
  readonly ErrorEquals?: readonly string[];
}

interface State extends Target {
  readonly Type: string;
  readonly Choices?: readonly Target[];
  readonly Default?: string;
  readonly Catch?: readonly Condition[];
}

interface Definition {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

export function statesInOrder(text: string): readonly WorkflowState[] {
  const definition: Definition = JSON.parse(text);
  const order = inOrder(definition);
  return order.map((name) => {
    const state = definition.States[name];
    const next = state ? nextOf(state) : [];
    return { name, next, branch: canBeAvoided(definition, name) };
  });
}

function nextOf({ Next, Default, Choices = [], Catch = [] }: State): WorkflowState['next'] {
  const always = Next === undefined ? [] : [{ state: Next }];
  const caught = Catch.flatMap(({ Next: state, ErrorEquals = [] }) =>
    state === undefined ? [] : [{ state, when: `on ${ErrorEquals.join(', ')}` }],
  );
  const chosen = [...new Set(Choices.flatMap((choice) => choice.Next ?? []))]
    .filter((state) => state !== Default)
    .map((state) => ({ state, when: conditions(Choices.filter(({ Next: to }) => to === state)) }));
  const otherwise = Default === undefined ? [] : [{ state: Default, when: 'otherwise' }];
  return [...always, ...caught, ...chosen, ...otherwise];
}

/** The values that a choice compares with: `declined or expired`, `approved and buy`. */
function conditions(choices: readonly Target[]): string {
  const wordsIn = (value: unknown): readonly string[] =>
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([name, inside]) =>
          name === 'StringEquals' ? inside : wordsIn(inside),
        )
      : [];
  return choices.map((choice) => wordsIn(choice).join(' and ')).join(' or ');
}

/** Orders each state after the states that lead to it, and a branch before the state where it joins the main path. */
function inOrder(definition: Definition): readonly string[] {
  const { StartAt, States } = definition;
  const order: string[] = [];
  const visited = new Set<string>();
  const visit = (name: string): void => {
    if (visited.has(name)) return;
    visited.add(name);
    const state = States[name];
    const next = (state ? nextOf(state) : []).map((each) => each.state).toReversed();
    // A state that is visited earlier comes later in the order.
    for (const each of next) if (!canBeAvoided(definition, each)) visit(each);
    for (const each of next) visit(each);
    order.unshift(name);
  };
  visit(StartAt);
  return order;
}

/** Whether some path without an error, from the start to a successful end, does not pass this state. */
function canBeAvoided({ StartAt, States }: Definition, avoided: string): boolean {
  const reached = new Set<string>();
  const reaches = (name: string): boolean => {
    const state = States[name];
    if (name === avoided || reached.has(name) || !state || state.Type === 'Fail') return false;
    reached.add(name);
    const next = nextOf({ ...state, Catch: [] });
    return next.length === 0 || next.some(({ state: to }) => reaches(to));
  };
  return reaches(StartAt);
}
