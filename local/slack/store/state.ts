// The workspace as plain data, and every way it changes: one change, one word to those who watch.
// Made once when the local Slack starts; the Web API, people's userActions and the page share it.
import type { Clock } from '../../clock.ts';
import { noPersistence } from '../../persistence.ts';
import { buttonsOf } from '../blocks/blocks.ts';
import type { Block } from '../blocks/blocks.ts';
import type { FileInfo } from './files.ts';
import { firstGroups } from './people.ts';
import type { Home, View } from '../blocks/view.ts';

export interface Metadata {
  readonly event_type: string;
  readonly event_payload: object;
}

export interface Message {
  readonly ts: string;
  /** The message whose thread this one stands in. */
  readonly threadTs?: string;
  /** The person in whose direct messages with the app it stands; all others stand in the channel. */
  readonly directTo?: string;
  /** Who wrote it: the id of a person, or the name of a bot. */
  readonly user?: string;
  readonly bot?: string;
  readonly text: string;
  readonly blocks?: readonly Block[];
  readonly metadata?: Metadata;
  readonly files?: readonly FileInfo[];
  /** When it was edited in a way Slack marks as edited. */
  readonly edited?: string;
  /** A reply shown in the channel too. */
  readonly broadcast?: boolean;
  /** An ephemeral message: the one person who sees it. */
  readonly onlyFor?: string;
  /** Why this person's last press of one of its buttons failed; nobody else sees that. */
  readonly warning?: string;
}

export interface ResponseUrl {
  readonly id: string;
  readonly person: string;
  readonly madeAt: number;
  readonly uses: number;
  /** The message `replace_original` and `delete_original` mean, if there is one. */
  readonly original?: string;
  /** In whose direct messages it was minted, if not in the channel. */
  readonly directTo?: string;
}

/** What lets an app open a modal before the person who did something, for three seconds, once. */
export interface Trigger {
  readonly id: string;
  readonly person: string;
  readonly madeAt: number;
  readonly used?: true;
}

interface State {
  lastTs: number;
  messages: readonly Message[];
  warnings: readonly { readonly ts: string; readonly person: string; readonly error: string }[];
  responseUrls: readonly ResponseUrl[];
  triggers: readonly Trigger[];
  modals: Readonly<Record<string, View>>;
  homes: Readonly<Record<string, Home>>;
  groups: Readonly<Record<string, readonly string[]>>;
}

export interface Workspace {
  /** The channel as everyone sees it, threads included, oldest first. */
  messages(): readonly Message[];
  seenBy(person: string): readonly Message[];
  /** Between that person and the app, threads included, oldest first. */
  directMessages(person: string): readonly Message[];
  find(ts: string): Message | undefined;
  add(message: Omit<Message, 'ts'>): Message;
  replace(message: Message): void;
  remove(ts: string): void;
  /** The mark of a failed press, or none any more. */
  warn(ts: string, person: string, error: string | undefined): void;
  responseUrl(id: string): ResponseUrl | undefined;
  keepResponseUrl(url: ResponseUrl): void;
  trigger(id: string): Trigger | undefined;
  keepTrigger(trigger: Trigger): void;
  /** The modal open before that person. */
  modal(person: string): View | undefined;
  /** Opens it before the person in the place of any other, or closes what is open. */
  showModal(person: string, view: View | undefined): void;
  /** The app's Home as it was published for that person. */
  home(person: string): Home | undefined;
  showHome(person: string, home: Home): void;
  /** Who has that modal open. */
  viewer(viewId: string): string | undefined;
  /** The user groups, by id: who is in them. */
  groups(): Readonly<Record<string, readonly string[]>>;
  setGroup(id: string, members: readonly string[] | undefined): void;
  nextTs(): string;
  /** Calls back after each change, until what is returned is called. */
  watch(listener: () => void): () => void;
}

export function createWorkspace(clock: Clock, persistence = noPersistence): Workspace {
  const state = persistence.part<State>('slack', {
    lastTs: 0,
    messages: [],
    warnings: [],
    responseUrls: [],
    triggers: [],
    modals: {},
    homes: {},
    groups: firstGroups,
  });
  const listeners = new Set<() => void>();
  const change = (fields: Partial<State>): void => {
    Object.assign(state, fields);
    for (const listener of listeners) listener();
  };
  const nextTs = (): string => {
    state.lastTs = Math.max(Math.floor(clock.now() * 1000), state.lastTs + 1);
    return `${Math.floor(state.lastTs / 1e6)}.${String(state.lastTs % 1e6).padStart(6, '0')}`;
  };
  return {
    nextTs,
    messages: () => inChannel(state).filter((each) => each.onlyFor === undefined),
    seenBy: (person) => shownTo(person, inChannel(state), state),
    directMessages: (person) =>
      shownTo(
        person,
        state.messages.filter((each) => each.directTo === person),
        state,
      ),
    find: (ts) => state.messages.find((each) => each.ts === ts),
    add: (draft) => {
      const message = { ...draft, ts: nextTs() };
      change({ messages: [...state.messages, message] });
      return message;
    },
    replace: (message) =>
      change({ messages: state.messages.map((each) => (each.ts === message.ts ? message : each)) }),
    remove: (ts) => change({ messages: state.messages.filter((each) => each.ts !== ts) }),
    warn: (ts, person, error) => {
      const others = state.warnings.filter((each) => each.ts !== ts || each.person !== person);
      if (error === undefined && others.length === state.warnings.length) return;
      change({ warnings: error === undefined ? others : [...others, { ts, person, error }] });
    },
    responseUrl: (id) => state.responseUrls.find((each) => each.id === id),
    // Nobody sees a response URL, so nobody is told.
    keepResponseUrl: (url) => {
      state.responseUrls = [...state.responseUrls.filter((each) => each.id !== url.id), url];
    },
    trigger: (id) => state.triggers.find((each) => each.id === id),
    keepTrigger: (trigger) => {
      state.triggers = [...state.triggers.filter((each) => each.id !== trigger.id), trigger];
    },
    modal: (person) => state.modals[person],
    showModal: (person, view) => {
      const { [person]: _before, ...others } = state.modals;
      change({ modals: view ? { ...others, [person]: view } : others });
    },
    home: (person) => state.homes[person],
    showHome: (person, home) => change({ homes: { ...state.homes, [person]: home } }),
    viewer: (viewId) => Object.keys(state.modals).find((person) => state.modals[person]?.id === viewId),
    groups: () => state.groups,
    setGroup: (id, members) => {
      const { [id]: _before, ...others } = state.groups;
      change({ groups: members ? { ...others, [id]: members } : others });
    },
    watch: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

const inChannel = ({ messages }: State): readonly Message[] =>
  messages.filter((each) => each.directTo === undefined);

function shownTo(person: string, messages: readonly Message[], { warnings }: State): readonly Message[] {
  return messages
    .filter((each) => each.onlyFor === undefined || each.onlyFor === person)
    .map((each) => {
      // Slack hangs the mark on the button: where none is left, there is nothing to try again.
      if (!each.blocks?.some((block) => buttonsOf(block).length > 0)) return each;
      const warning = warnings.find((one) => one.ts === each.ts && one.person === person);
      return warning ? { ...each, warning: warning.error } : each;
    });
}
