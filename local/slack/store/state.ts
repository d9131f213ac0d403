// The workspace as plain data, and every way to change it. Each visible change notifies the watchers.
// Created once when the local Slack starts; shared by the Web API, the actions of people and the page.
import type { Clock } from '../../clock.ts';
import { noPersistence } from '../../persistence.ts';
import { buttonsOf } from '../blocks/blocks.ts';
import { type Channel, type ChannelStates, createChannelStates } from './channels.ts';
import { withChannels } from './earlier-state.ts';
import type { DeletedMessage, Message, ResponseUrl } from './message.ts';
import { directMessagesId, firstGroups, slackbot } from './people.ts';
import type { Home, View } from '../blocks/view.ts';

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
  /** Messages that were deleted and left nothing behind. */
  deleted: readonly DeletedMessage[];
  /** Slack's error for direct messages of the app, by person. */
  directMessageErrors: Readonly<Record<string, string>>;
}

export interface Workspace extends ChannelStates {
  /** The messages of all channels that every member sees, threads included, oldest first. */
  messages(): readonly Message[];
  /** The messages of the person's channels, and those only for this person in any channel. */
  seenBy(person: string): readonly Message[];
  /** The person's direct messages with the app, threads included, oldest first. */
  directMessages(person: string): readonly Message[];
  find(ts: string): Message | undefined;
  add(message: Omit<Message, 'ts'>): Message;
  replace(message: Message): void;
  remove(ts: string): void;
  /** Removes the message. If it has replies, a note that it was deleted stays in its place. */
  delete(ts: string): void;
  wasDeleted(ts: string, channel: string): boolean;
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
  /** Slack's error if the app writes to the person. Undefined if Slack accepts direct messages to them. */
  directMessageError(person: string): string | undefined;
  setDirectMessageError(person: string, error: string | undefined): void;
  nextTs(): string;
  /** Calls the listener after each visible change. The returned function removes the listener. */
  watch(listener: () => void): () => void;
}

export function createWorkspace(
  clock: Clock,
  channels: readonly [Channel, ...Channel[]],
  persistence = noPersistence,
): Workspace {
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
    deleted: [],
    directMessageErrors: {},
  });
  Object.assign(state, withChannels(state, channels[0].id));
  const listeners = new Set<() => void>();
  const change = (fields: Partial<State>): void => {
    Object.assign(state, fields);
    for (const listener of listeners) listener();
  };
  const nextTs = (): string => {
    state.lastTs = Math.max(Math.floor(clock.now() * 1000), state.lastTs + 1);
    return `${Math.floor(state.lastTs / 1e6)}.${String(state.lastTs % 1e6).padStart(6, '0')}`;
  };
  const channelStates = createChannelStates(channels, persistence, () => change({}));
  const inChannels = (): readonly Message[] =>
    state.messages.filter((message) => channels.some(({ id }) => id === message.channel));
  return {
    ...channelStates,
    nextTs,
    messages: () => inChannels().filter((each) => each.onlyFor === undefined),
    seenBy: (person) =>
      shownTo(
        person,
        inChannels().filter((each) => each.onlyFor ?? channelStates.isMember(person, each.channel)),
        state,
      ),
    directMessages: (person) =>
      shownTo(
        person,
        state.messages.filter((each) => each.channel === directMessagesId(person)),
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
      const { channel } = state.messages.find((each) => each.ts === ts) ?? {};
      if (channel === undefined) return;
      const hasReplies = state.messages.some((each) => each.threadTs === ts);
      const others = state.messages.filter((each) => each.ts !== ts);
      if (!hasReplies) return change({ messages: others, deleted: [...state.deleted, { channel, ts }] });
      const tombstone = { ts, channel, bot: slackbot, text: 'This message was deleted.' };
      return change({ messages: state.messages.map((each) => (each.ts === ts ? tombstone : each)) });
    },
    wasDeleted: (ts, channel) => state.deleted.some((each) => each.ts === ts && each.channel === channel),
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
    deactivate: (person) => change({ deactivated: [...state.deactivated, person] }),
    reactivate: (person) => change({ deactivated: state.deactivated.filter((each) => each !== person) }),
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
