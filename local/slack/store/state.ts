// The workspace as plain data, and every way to change it. Each visible change notifies the watchers.
// Created once when the local Slack starts; shared by the Web API, the actions of people and the page.
import type { Clock } from '../../clock.ts';
import { noPersistence } from '../../persistence.ts';
import { buttonsOf } from '../blocks/blocks.ts';
import type { Block } from '../blocks/blocks.ts';
import type { FileInfo } from './files.ts';
import { firstGroups, slackbot } from './people.ts';
import type { Home, View } from '../blocks/view.ts';

export interface Metadata {
  readonly event_type: string;
  readonly event_payload: object;
}

export interface Message {
  readonly ts: string;
  /** The `ts` of the message whose thread contains this message. */
  readonly threadTs?: string;
  /** The person whose direct messages with the app contain the message; undefined in the channel. */
  readonly directTo?: string;
  /** The author's id if a person wrote the message; otherwise `bot` has the bot's name. */
  readonly user?: string;
  readonly bot?: string;
  readonly text: string;
  readonly blocks?: readonly Block[];
  readonly metadata?: Metadata;
  readonly files?: readonly FileInfo[];
  /** Time of the last update that Slack marks as an edit, in the format of `ts`. */
  readonly edited?: string;
  /** True for a reply that is also shown in the channel. */
  readonly broadcast?: boolean;
  /** The only person who sees the message; undefined unless it is ephemeral. */
  readonly onlyFor?: string;
  /** Error code of a person's last press in this message, if it failed. Only that person sees it. */
  readonly warning?: string;
}

export interface ResponseUrl {
  readonly id: string;
  readonly person: string;
  readonly madeAt: number;
  readonly uses: number;
  /** The message that `replace_original` and `delete_original` refer to, if there is one. */
  readonly original?: string;
  /** The person in whose direct messages the URL was created; undefined in the channel. */
  readonly directTo?: string;
}

/** Lets an app open a modal for the person who acted, once, within three seconds. */
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
  deactivated: readonly string[];
  timeZones: Readonly<Record<string, string>>;
  left: readonly string[];
  /** `ts` of messages that were deleted and left nothing behind. */
  deleted: readonly string[];
  archived: boolean;
  /** Whether the app was removed from the channel, and whether that is a public or a private channel. */
  appRemoved?: 'public' | 'private' | undefined;
  /** Slack's error for direct messages of the app, by person. */
  directMessageErrors: Readonly<Record<string, string>>;
}

export interface Workspace {
  /** The channel's messages that everyone sees, threads included, oldest first. */
  messages(): readonly Message[];
  seenBy(person: string): readonly Message[];
  /** The person's direct messages with the app, threads included, oldest first. */
  directMessages(person: string): readonly Message[];
  find(ts: string): Message | undefined;
  add(message: Omit<Message, 'ts'>): Message;
  replace(message: Message): void;
  remove(ts: string): void;
  /** Removes the message. If it has replies, a note that it was deleted stays in its place. */
  delete(ts: string): void;
  wasDeleted(ts: string): boolean;
  /** Records that the person's last press in this message failed, or removes that record. */
  warn(ts: string, person: string, error: string | undefined): void;
  responseUrl(id: string): ResponseUrl | undefined;
  keepResponseUrl(url: ResponseUrl): void;
  trigger(id: string): Trigger | undefined;
  keepTrigger(trigger: Trigger): void;
  /** The modal that is open for that person. Undefined if none is open. */
  modal(person: string): View | undefined;
  /** Replaces the person's modal, or closes it. */
  showModal(person: string, view: View | undefined): void;
  /** The app's Home as published for that person. Undefined until the app publishes it. */
  home(person: string): Home | undefined;
  showHome(person: string, home: Home): void;
  /** The person who has that modal open. */
  viewer(viewId: string): string | undefined;
  /** The user groups: the members by the group's id. */
  groups(): Readonly<Record<string, readonly string[]>>;
  setGroup(id: string, members: readonly string[] | undefined): void;
  /** Whether the person's account was deactivated after the start. */
  isDeactivated(person: string): boolean;
  deactivate(person: string): void;
  /** Name of the person's time zone in their profile. */
  timeZone(person: string): string;
  setTimeZone(person: string, timeZone: string): void;
  reactivate(person: string): void;
  /** Whether the person has left the channel. */
  hasLeft(person: string): boolean;
  leave(person: string): void;
  isArchived(): boolean;
  setArchived(archived: boolean): void;
  /** Undefined if the app is in the channel. */
  appRemoved(): 'public' | 'private' | undefined;
  setAppRemoved(from: 'public' | 'private' | undefined): void;
  /** Slack's error if the app writes to the person. Undefined if Slack accepts direct messages to them. */
  directMessageError(person: string): string | undefined;
  setDirectMessageError(person: string, error: string | undefined): void;
  nextTs(): string;
  /** Calls the listener after each visible change. The returned function removes the listener. */
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
    deactivated: [],
    timeZones: {},
    left: [],
    deleted: [],
    archived: false,
    directMessageErrors: {},
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
    delete: (ts) => {
      const hasReplies = state.messages.some((each) => each.threadTs === ts);
      const others = state.messages.filter((each) => each.ts !== ts);
      if (!hasReplies) return change({ messages: others, deleted: [...state.deleted, ts] });
      const tombstone = { ts, bot: slackbot, text: 'This message was deleted.' };
      return change({ messages: state.messages.map((each) => (each.ts === ts ? tombstone : each)) });
    },
    wasDeleted: (ts) => state.deleted.includes(ts),
    warn: (ts, person, error) => {
      const others = state.warnings.filter((each) => each.ts !== ts || each.person !== person);
      if (error === undefined && others.length === state.warnings.length) return;
      change({ warnings: error === undefined ? others : [...others, { ts, person, error }] });
    },
    responseUrl: (id) => state.responseUrls.find((each) => each.id === id),
    // Response URLs and triggers are not visible, so their changes notify no watcher.
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
    isDeactivated: (person) => state.deactivated.includes(person),
    timeZone: (person) => state.timeZones[person] ?? 'Etc/UTC',
    setTimeZone: (person, timeZone) => change({ timeZones: { ...state.timeZones, [person]: timeZone } }),
    hasLeft: (person) => state.left.includes(person),
    leave: (person) => change({ left: [...state.left, person] }),
    deactivate: (person) => change({ deactivated: [...state.deactivated, person] }),
    reactivate: (person) => change({ deactivated: state.deactivated.filter((each) => each !== person) }),
    isArchived: () => state.archived,
    setArchived: (archived) => change({ archived }),
    appRemoved: () => state.appRemoved,
    setAppRemoved: (appRemoved) => change({ appRemoved }),
    directMessageError: (person) => state.directMessageErrors[person],
    setDirectMessageError: (person, error) => {
      const { [person]: _before, ...others } = state.directMessageErrors;
      change({ directMessageErrors: error ? { ...others, [person]: error } : others });
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
      // Slack shows the warning at the button, so a message without buttons has no warning.
      if (!each.blocks?.some((block) => buttonsOf(block).length > 0)) return each;
      const warning = warnings.find((one) => one.ts === each.ts && one.person === person);
      return warning ? { ...each, warning: warning.error } : each;
    });
}
