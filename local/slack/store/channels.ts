// The channels of the workspace, and what tests change about each: who has left it, whether it is archived, and whether
// the app was removed from it. `state.ts` creates it once as a part of the workspace.
import type { Persistence } from '../../persistence.ts';
import { people } from './people.ts';

export interface Channel {
  readonly id: string;
  readonly name: string;
}

interface ChannelState {
  readonly left: readonly string[];
  readonly archived: boolean;
  /** Whether the app was removed from the channel, and whether that is a public or a private channel. */
  readonly appRemoved?: 'public' | 'private' | undefined;
}

export interface ChannelStates {
  isMember(person: string, channel: string): boolean;
  leave(person: string, channel: string): void;
  isArchived(channel: string): boolean;
  setArchived(archived: boolean, channel: string): void;
  /** Undefined if the app is in the channel. */
  appRemoved(channel: string): ChannelState['appRemoved'];
  setAppRemoved(from: ChannelState['appRemoved'], channel: string): void;
}

const UNCHANGED: ChannelState = { left: [], archived: false };

/** `changed` is called after each change. */
export function createChannelStates(
  channels: readonly Channel[],
  persistence: Persistence,
  changed: () => void,
): ChannelStates {
  const states = persistence.part<Record<string, ChannelState>>('channels', {});
  const stateOf = (channel: string): ChannelState => states[channel] ?? UNCHANGED;
  const change = (channel: string, fields: Partial<ChannelState>): void => {
    states[channel] = { ...stateOf(channel), ...fields };
    changed();
  };
  return {
    isMember: (id, channel) => {
      const person = people.find((each) => each.id === id);
      if (!person || stateOf(channel).left.includes(id)) return false;
      // https://get.slack.help/hc/en-us/articles/202518103-Restricted-Account-and-Single-Channel-Guest-FAQ
      return person.guest !== 'single-channel' || channel === channels[0]?.id;
    },
    leave: (person, channel) => change(channel, { left: [...stateOf(channel).left, person] }),
    isArchived: (channel) => stateOf(channel).archived,
    setArchived: (archived, channel) => change(channel, { archived }),
    appRemoved: (channel) => stateOf(channel).appRemoved,
    setAppRemoved: (appRemoved, channel) => change(channel, { appRemoved }),
  };
}
