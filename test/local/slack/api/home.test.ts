// Tests the Home of the app: who may publish what for whom, what opening it sends, and what a press in it sends.
import { describe, expect, it } from 'vitest';
import { lastForm, startWithApp } from '../../../support/start-tiny-app.ts';
import type { Started } from '../../../support/start-tiny-app.ts';

const plain = (text: string) => ({ type: 'plain_text', text });
const button = (action_id: string, value: string) => ({
  type: 'button',
  text: plain(action_id),
  action_id,
  value,
});
const row = (block_id: string, ...elements: object[]) => ({ type: 'actions', block_id, elements });
const published = {
  type: 'home',
  callback_id: 'waiting',
  private_metadata: 'page 1',
  blocks: [
    { type: 'header', block_id: 'title', text: plain('Needs your approval') },
    row('first', button('look', 'a1'), button('refresh', 'all')),
    { type: 'divider', block_id: 'line' },
    { type: 'section', block_id: 'second', text: plain('Buy 10 AMZN'), accessory: button('look', 'a2') },
  ],
};

const call = async ({ client }: Started, method: string, sent: Record<string, unknown>) =>
  client.apiCall(method, sent).catch((thrown: { data: unknown }) => thrown.data);
const publish = (started: Started, user_id: string, view: object = published, fields: object = {}) =>
  call(started, 'views.publish', { user_id, view, ...fields });
const payloadOf = ({ app }: Started) => JSON.parse(lastForm(app)['payload'] ?? '{}');

describe('Home', () => {
  // https://docs.slack.dev/reference/methods/views.publish
  it('is published for one person, without a scope, and keeps its id when published again', async () => {
    const started = await startWithApp({ home: true, scopes: [] });
    const { slack } = started;

    const answer = await publish(started, 'U0ANA', published);

    const home = slack.home('U0ANA');
    expect(home).toEqual({
      ...published,
      id: expect.stringMatching(/^V[0-9A-F]+$/),
      hash: expect.any(String),
    });
    expect(answer).toMatchObject({
      ok: true,
      view: {
        ...published,
        id: home?.id,
        team_id: 'T0LOCAL',
        root_view_id: home?.id,
        hash: home?.hash,
        state: { values: {} },
        close: null,
        submit: null,
        app_installed_team_id: 'T0LOCAL',
      },
    });
    expect(answer).not.toHaveProperty('view.title');
    expect(slack.home('U0BEN')).toBeUndefined();

    await publish(started, 'U0ANA', { type: 'home', blocks: [{ type: 'divider', block_id: 'line' }] });
    expect(slack.home('U0ANA')).toMatchObject({ id: home?.id, blocks: [{ type: 'divider' }] });
    expect(slack.home('U0ANA')?.hash).not.toBe(home?.hash);
  });

  it('refuses an outdated hash', async () => {
    const started = await startWithApp({ home: true });
    const { slack } = started;
    expect(await publish(started, 'U0ANA', published, { hash: '1.2' })).toMatchObject({
      error: 'hash_conflict',
    });
    await publish(started, 'U0ANA', published);
    const { hash } = slack.home('U0ANA') ?? {};
    expect(await publish(started, 'U0ANA', published, { hash })).toMatchObject({ ok: true });

    expect(await publish(started, 'U0ANA', published, { hash })).toMatchObject({ error: 'hash_conflict' });
  });

  it('cannot be published or opened without a Home tab', async () => {
    const started = await startWithApp({ events: ['app_home_opened'] });

    expect(await publish(started, 'U0ANA', published)).toMatchObject({ error: 'not_enabled' });
    await expect(started.slack.openHome('U0ANA')).rejects.toThrow(
      'The app has no Home tab: its manifest does not enable features.app_home.home_tab_enabled',
    );
    expect(started.app.received).toEqual([]);
  });

  const dividers = (count: number) => Array.from({ length: count }, () => ({ type: 'divider' }));
  const long = { type: 'section', text: { type: 'mrkdwn', text: 'x'.repeat(3_000) } };
  const wrong = 'invalid_arguments';

  it.for<[object, string, string?]>([
    [
      { ...published, title: plain('Home') },
      wrong,
      'invalid additional property: title [json-pointer:/view]',
    ],
    [{ type: 'home' }, wrong, 'missing required field: blocks [json-pointer:/view]'],
    [
      { type: 'home', blocks: dividers(101) },
      wrong,
      'no more than 100 items allowed [json-pointer:/view/blocks]',
    ],
    [
      { type: 'home', blocks: [row('a', button('go', ''))] },
      wrong,
      'must be more than 0 characters [json-pointer:/view/blocks/0/elements/0/value]',
    ],
    [
      { type: 'home', blocks: [row('a', button('go', '1')), row('a', button('go', '2'))] },
      wrong,
      '`block_id` "a" already exists [json-pointer:/view/blocks/1]',
    ],
    [
      { type: 'home', blocks: [{ type: 'input', label: plain('Name') }] },
      wrong,
      'missing required field: element [json-pointer:/view/blocks/0]',
    ],
    [
      { type: 'modal', title: plain('Home'), blocks: dividers(1) },
      wrong,
      'must be a valid enum value [json-pointer:/view/type]',
    ],
    [{ type: 'home', blocks: Array.from({ length: 84 }, () => long) }, 'view_too_large'],
  ])('is refused by name: $1 $2', async ([view, error, complaint]) => {
    const started = await startWithApp({ home: true });

    const refusal = await publish(started, 'U0ANA', view);

    expect(refusal).toMatchObject({ error, ...(complaint && { errors: [complaint] }) });
    expect(started.slack.home('U0ANA')).toBeUndefined();
  });

  // https://github.com/slackapi/python-slack-sdk/issues/853
  it('takes fields, and a press in it sends what they contain', async () => {
    const started = await startWithApp({ home: true });
    const element = { type: 'plain_text_input', action_id: 'name', initial_value: 'Ana' };
    const field = { type: 'input', block_id: 'who', label: plain('Name'), element };
    await publish(started, 'U0ANA', { type: 'home', blocks: [field, row('a', button('save', '1'))] });

    const { id = '' } = started.slack.home('U0ANA') ?? {};
    await started.slack.press('U0ANA', id, 'save', {}, { name: 'Ben' });

    expect(payloadOf(started).view.state.values).toEqual({
      who: { name: { type: 'plain_text_input', value: 'Ben' } },
    });
  });

  it('takes up to a hundred blocks, is for people of the workspace only, and does not open as a modal', async () => {
    const started = await startWithApp({ home: true });
    const { slack } = started;

    expect(await publish(started, 'U0ANA', { type: 'home', blocks: dividers(100) })).toMatchObject({
      ok: true,
    });
    for (const user of ['U0NOBODY', 'U0ROBO'])
      expect(await publish(started, user)).toMatchObject({
        error: 'invalid_arguments',
        response_metadata: { messages: ['invalid `user_id`'] },
      });
    await slack.say('U0ANA', '/trade');
    const { trigger_id } = lastForm(started.app);
    expect(await call(started, 'views.open', { trigger_id, view: published })).toMatchObject({
      errors: ['must be a valid enum value [json-pointer:/view/type]'],
    });
    expect(slack.modal('U0ANA')).toBeUndefined();
  });

  // https://docs.slack.dev/reference/events/app_home_opened
  it('sends an event when it is opened, with its current view if there is one', async () => {
    const started = await startWithApp({ home: true, events: ['app_home_opened'] });
    const { slack, app } = started;
    const event = () => JSON.parse(app.received.at(-1)?.body ?? '').event;

    await slack.openHome('U0ANA');
    expect(event()).toMatchObject({ tab: 'home', user: 'U0ANA' });
    expect(event()).not.toHaveProperty('view');

    await publish(started, 'U0ANA', published);
    await slack.openHome('U0ANA');
    const { id, hash } = slack.home('U0ANA') ?? {};
    expect(event().view).toMatchObject({ ...published, id, hash, team_id: 'T0LOCAL' });
    await slack.openHome('U0ANA', 'messages');
    expect(event()).not.toHaveProperty('view');
  });

  // https://docs.slack.dev/reference/interaction-payloads/block_actions-payload#examples
  it('sends its view when a button is pressed, without a channel or a response URL', async () => {
    const started = await startWithApp({ home: true });
    const { slack } = started;
    await publish(started, 'U0EVE', published);
    const { id = '', hash } = slack.home('U0EVE') ?? {};

    expect(await slack.press('U0EVE', id, 'refresh')).toMatchObject({ status: 200 });

    expect(payloadOf(started)).toEqual({
      type: 'block_actions',
      user: { id: 'U0EVE', username: 'eve', name: 'eve', team_id: 'T0OTHER' },
      api_app_id: 'A0LOCAL',
      container: { type: 'view', view_id: id },
      trigger_id: expect.stringMatching(/^\d+\.\d+\.[0-9a-f]{32}$/),
      team: { id: 'T0LOCAL', domain: 'local' },
      enterprise: null,
      is_enterprise_install: false,
      view: expect.objectContaining({ ...published, id, hash }),
      actions: [
        {
          action_id: 'refresh',
          block_id: 'first',
          text: plain('refresh'),
          value: 'all',
          type: 'button',
          action_ts: expect.stringMatching(/^\d{10}\.\d{6}$/),
        },
      ],
    });
  });

  it('distinguishes buttons with the same action by value or block', async () => {
    const started = await startWithApp({ home: true });
    const { slack, app } = started;
    await publish(started, 'U0ANA', published);
    const { id = '' } = slack.home('U0ANA') ?? {};
    const action = () => payloadOf(started).actions[0];

    await slack.press('U0ANA', id, 'look', { value: 'a2' });
    expect(action()).toMatchObject({ block_id: 'second', value: 'a2' });
    await slack.press('U0ANA', id, 'look', { blockId: 'first' });
    expect(action()).toMatchObject({ block_id: 'first', value: 'a1' });
    await slack.press('U0ANA', id, 'refresh', { blockId: 'it had another id when one looked' });
    expect(action()).toMatchObject({ block_id: 'first', value: 'all' });

    await expect(slack.press('U0ANA', id, 'look')).rejects.toThrow(
      `The view ${id} bears several buttons look: tell which, by value or block`,
    );
    await expect(slack.press('U0ANA', id, 'look', { value: 'a3' })).rejects.toThrow(
      `The view ${id} bears no button look of value a3`,
    );
    await expect(slack.press('U0BEN', id, 'refresh')).rejects.toThrow(`There is no view ${id} before Ben`);
    expect(app.received).toHaveLength(3);
  });

  it('shows a failed press until the next press', async () => {
    const started = await startWithApp({ home: true });
    const { slack, app } = started;
    await publish(started, 'U0ANA', published);
    const { id = '' } = slack.home('U0ANA') ?? {};

    app.answer = (response) => response.writeHead(500).end();
    await slack.press('U0ANA', id, 'refresh');
    expect(slack.home('U0ANA')).toMatchObject({ id, warning: 'dispatch_failed' });

    app.answer = (response) => response.end();
    await slack.press('U0ANA', id, 'refresh');
    expect(slack.home('U0ANA')).not.toHaveProperty('warning');
  });

  it('lets a press open a modal, whose submission publishes Home again', async () => {
    const started = await startWithApp({ home: true });
    const { slack, app } = started;
    await publish(started, 'U0ANA', published);
    const field = {
      type: 'input',
      block_id: 'note',
      label: plain('Note'),
      element: { type: 'plain_text_input', action_id: 'note' },
    };
    const view = {
      type: 'modal',
      title: plain('Look'),
      submit: plain('Save'),
      blocks: [field, row('more', button('add', '1'))],
    };
    await slack.press('U0ANA', slack.home('U0ANA')?.id ?? '', 'refresh');
    await call(started, 'views.open', { trigger_id: payloadOf(started).trigger_id, view });
    const { id = '' } = slack.modal('U0ANA') ?? {};

    app.answer = (response) => response.writeHead(500).end();
    await slack.press('U0ANA', id, 'add', {}, { note: 'By Friday' });
    expect(payloadOf(started)).toMatchObject({
      container: { type: 'view', view_id: id },
      view: { id, type: 'modal', state: { values: { note: { note: { value: 'By Friday' } } } } },
      actions: [{ action_id: 'add', block_id: 'more' }],
    });
    expect(slack.modal('U0ANA')?.failed).toBe(true);

    app.answer = async (response) => {
      await publish(started, 'U0ANA', { type: 'home', blocks: [{ type: 'header', text: plain('Saved') }] });
      response.end();
    };
    await slack.submit('U0ANA', { note: 'By Friday' });
    expect(slack.modal('U0ANA')).toBeUndefined();
    expect(slack.home('U0ANA')?.blocks).toMatchObject([{ text: { text: 'Saved' } }]);
  });
});
