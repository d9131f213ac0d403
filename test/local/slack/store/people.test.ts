// Tests what people can do: a person of another workspace, a deactivated person, a bot, and user groups.
import { describe, expect, it } from 'vitest';
import { isRecord } from '../../../../local/slack/blocks/validators.ts';
import { lastForm, startWithApp } from '../../../support/start-tiny-app.ts';
import type { Started } from '../../../support/start-tiny-app.ts';

const actions = {
  type: 'actions' as const,
  elements: [{ type: 'button' as const, text: { type: 'plain_text' as const, text: 'Go' }, action_id: 'go' }],
};
const view = { type: 'modal', title: { type: 'plain_text', text: 'Sure?' }, blocks: [{ type: 'divider' }] };

async function ask({ client }: Started): Promise<string> {
  const { ts } = await client.chat.postMessage({ channel: 'C0TRADING', text: 'Go?', blocks: [actions] });
  return ts ?? '';
}

const pageState = async ({ slack }: Started): Promise<Record<string, unknown>> => {
  const state: unknown = await (await fetch(`${slack.url}/page/state?person=U0ANA`)).json();
  return isRecord(state) ? state : {};
};

const payloadOf = ({ app }: Started) => JSON.parse(lastForm(app)['payload'] ?? '');

describe('people', () => {
  // https://github.com/slackapi/java-slack-sdk/issues/1041, https://github.com/slackapi/bolt-js/issues/1614
  it('of another workspace press with their own team, while the payload names the installed team', async () => {
    const started = await startWithApp();
    const { slack, client } = started;

    await slack.press('U0EVE', await ask(started), 'go');
    expect(payloadOf(started)).toMatchObject({
      user: { id: 'U0EVE', username: 'eve', name: 'eve', team_id: 'T0OTHER' },
      team: { id: 'T0LOCAL', domain: 'local' },
    });

    await client.apiCall('views.open', { trigger_id: payloadOf(started).trigger_id, view });
    await slack.submit('U0EVE', {});
    expect(payloadOf(started)).toMatchObject({
      type: 'view_submission',
      user: { id: 'U0EVE', team_id: 'T0OTHER' },
      team: { id: 'T0OTHER', domain: 'other' },
      view: { app_installed_team_id: 'T0LOCAL' },
    });
  });

  // https://github.com/slackapi/bolt-python/issues/767
  it('of another workspace can write and read messages but have no commands of the app', async () => {
    const { slack, app, client } = await startWithApp();

    await slack.say('U0EVE', '/trade AMZN 10');
    expect(slack.seenBy('U0EVE')).toMatchObject([
      { bot: 'Slackbot', text: '/trade is not a valid command.', onlyFor: 'U0EVE' },
    ]);
    expect(app.received).toEqual([]);

    await slack.say('U0EVE', 'Hello');
    await client.chat.postEphemeral({ channel: 'C0TRADING', user: 'U0EVE', text: 'Hello, Eve' });
    expect(slack.seenBy('U0EVE').map(({ text }) => text)).toEqual([
      '/trade is not a valid command.',
      'Hello',
      'Hello, Eve',
    ]);
  });

  it.for(['U0FRED', 'U0ROBO'])(
    'like %s can act by a call only and cannot be chosen on the page',
    async (id) => {
      const started = await startWithApp();
      const { slack } = started;

      await slack.press(id, await ask(started), 'go');
      expect(payloadOf(started)).toMatchObject({ user: { id, team_id: 'T0LOCAL' } });

      expect(slack.people.map((each) => each.id)).toEqual([
        'U0ANA',
        'U0BEN',
        'U0CHLOE',
        'U0DANA',
        'U0EVE',
        'U0SAM',
        'U0GINA',
        'U0HUGO',
      ]);
      const { people, names } = await pageState(started);
      expect(names).toHaveProperty(id);
      expect(JSON.stringify(people)).not.toContain(id);
    },
  );

  it('in user groups belong to the workspace, and a group is mentioned by its name', async () => {
    const started = await startWithApp();
    const { slack } = started;
    const names = async () => (await pageState(started))['names'];

    expect(await names()).toMatchObject({ S0RISK: 'risk' });
    slack.setGroup('S0OPS', ['U0ANA']);
    slack.setGroup('S0RISK', undefined);

    expect(await names()).toMatchObject({ S0OPS: 'ops' });
    expect(await names()).not.toHaveProperty('S0RISK');
    expect(() => slack.setGroup('S0OPS', ['U0NOBODY'])).toThrow('Nobody here has the id U0NOBODY');
    expect(() => slack.setGroup('risk', [])).toThrow('begins with S, not risk');
  });
});
