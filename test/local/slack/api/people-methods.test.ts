// Tests, with the real client, what an app is told about people and user groups.
import { describe, expect, it } from 'vitest';
import { startWithApp } from '../../../support/start-tiny-app.ts';

const scopes = ['users:read', 'usergroups:read', 'im:write'];

// https://docs.slack.dev/reference/objects/user-object
describe('users and user groups', () => {
  it('users.info returns whether a person is active, a bot, or in another workspace', async () => {
    const { client } = await startWithApp({ scopes });

    expect((await client.users.info({ user: 'U0ANA' })).user).toEqual({
      id: 'U0ANA',
      team_id: 'T0LOCAL',
      name: 'ana',
      real_name: 'Ana',
      deleted: false,
      is_bot: false,
      is_restricted: false,
      is_ultra_restricted: false,
      tz: 'Etc/UTC',
      profile: { real_name: 'Ana', display_name: 'Ana', team: 'T0LOCAL' },
    });
    // Not a stranger: she is in a channel that the app is in.
    expect((await client.users.info({ user: 'U0EVE' })).user).toMatchObject({
      team_id: 'T0OTHER',
      is_stranger: false,
      is_restricted: false,
    });
    expect((await client.users.info({ user: 'U0FRED' })).user).toMatchObject({
      deleted: true,
      is_bot: false,
    });
    expect((await client.users.info({ user: 'U0ROBO' })).user).toMatchObject({
      deleted: false,
      is_bot: true,
    });
  });

  // https://docs.slack.dev/reference/scopes/users.read.email
  it.for([
    ['U0ANA', 'ana@local.example'],
    ['U0FRED', 'fred@local.example'],
    ['U0EVE', 'eve@other.example'],
    ['U0ROBO', undefined],
    ['USLACKBOT', undefined],
  ])(
    'users.info returns the e-mail address of %s with the scope users:read.email only',
    async ([user = '', email]) => {
      const { client } = await startWithApp({ scopes: [...scopes, 'users:read.email'] });
      expect((await client.users.info({ user })).user?.profile?.email).toBe(email);

      const { client: withoutScope } = await startWithApp({ scopes });
      expect((await withoutScope.users.info({ user })).user?.profile).not.toHaveProperty('email');
    },
  );

  // https://docs.slack.dev/reference/methods/usergroups.users.list
  it('usergroups.users.list returns the current members of a group', async () => {
    const { slack, client } = await startWithApp({ scopes });
    const members = async () => (await client.usergroups.users.list({ usergroup: 'S0RISK' })).users;

    expect(await members()).toEqual(['U0BEN', 'U0CHLOE', 'U0DANA']);
    slack.setGroup('S0RISK', ['U0DANA']);
    expect(await members()).toEqual(['U0DANA']);
    slack.setGroup('S0RISK', []);
    expect(await members()).toEqual([]);
    slack.setGroup('S0RISK', undefined);
    await expect(members()).rejects.toMatchObject({ data: { error: 'no_such_subteam' } });

    // What a workspace without user groups answers.
    slack.refuse('usergroups.users.list', 'plan_upgrade_required');
    await expect(members()).rejects.toMatchObject({ data: { error: 'plan_upgrade_required' } });
  });

  it.for<[string, Record<string, unknown>, string]>([
    ['users.info', { user: 'U0NOBODY' }, 'user_not_found'],
    ['users.info', {}, 'invalid_arguments'],
    ['usergroups.users.list', { usergroup: 'U0ANA' }, 'no_such_subteam'],
    ['usergroups.users.list', { usergroup: 'constructor' }, 'no_such_subteam'],
    ['conversations.open', {}, 'users_list_not_supplied'],
    ['conversations.open', { users: 'U0NOBODY' }, 'user_not_found'],
    ['conversations.open', { users: 'U0FRED' }, 'user_disabled'],
    ['conversations.open', { users: 'U0ROBO' }, 'cannot_dm_bot'],
    ['conversations.open', { users: 'U0ANA', return_im: true }, 'invalid_arguments'],
  ])('%s with %j is refused: %s', async ([method, sent, error]) => {
    const { client } = await startWithApp({ scopes });

    await expect(client.apiCall(method, sent)).rejects.toMatchObject({ data: { ok: false, error } });
  });

  it.for([
    ['users.info', 'users:read'],
    ['usergroups.users.list', 'usergroups:read'],
    ['conversations.open', 'im:write'],
    ['files.getUploadURLExternal', 'files:write'],
    ['files.completeUploadExternal', 'files:write'],
  ])('%s needs the scope %s', async ([method = '', needed]) => {
    const { client } = await startWithApp();

    await expect(client.apiCall(method)).rejects.toMatchObject({ data: { error: 'missing_scope', needed } });
  });
});
