// Tests who may take part, by the fields of Slack's user object and the setting `guests`.
import { describe, expect, it } from 'vitest';
import {
  type Guests,
  type Ineligibility,
  ineligibilityOf,
  type SlackUser,
} from '../../domain/ineligibility.ts';

const member: SlackUser = { id: 'U0BEN', team_id: 'T1', deleted: false, is_bot: false, is_restricted: false };
const multiChannel = { is_restricted: true };
const singleChannel = { is_restricted: true, is_ultra_restricted: true };

describe('ineligibilityOf', () => {
  it.each<[string, SlackUser, Guests, Ineligibility | undefined]>([
    ['a member', {}, 'none', undefined],
    ['a deactivated account', { deleted: true }, 'single-channel', 'deactivated'],
    ['a bot', { is_bot: true }, 'single-channel', 'bot'],
    ['Slackbot, whose user object says that it is no bot', { id: 'USLACKBOT' }, 'single-channel', 'bot'],
    ['a member of another workspace', { team_id: 'T2' }, 'single-channel', 'foreign'],
    ['a person with whom the app shares no channel', { is_stranger: true }, 'single-channel', 'foreign'],
    ['a person who never signed in', { is_invited_user: true }, 'single-channel', 'invited'],
    ['an invited guest', { ...multiChannel, is_invited_user: true }, 'full', 'invited'],
    ['a guest of several channels by default', multiChannel, 'none', 'guest'],
    ['a guest of several channels', multiChannel, 'full', undefined],
    ['a guest of several channels', multiChannel, 'single-channel', undefined],
    ['a guest of one channel by default', singleChannel, 'none', 'guest'],
    ['a guest of one channel', singleChannel, 'full', 'guest'],
    ['a guest of one channel', singleChannel, 'single-channel', undefined],
  ])('judges %s (%j, guests: %s)', (_, fields, guests, reason) => {
    expect(ineligibilityOf({ ...member, ...fields }, 'T1', guests)).toBe(reason);
  });
});
