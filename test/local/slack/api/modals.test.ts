// Tests modals: when one may be opened, what it may contain, what a submission sends, and how each answer changes it.
import { describe, expect, it } from 'vitest';
import { lastForm, startWithApp } from '../../../support/start-tiny-app.ts';
import type { Started } from '../../../support/start-tiny-app.ts';

const plain = (text: string) => ({ type: 'plain_text', text });
const input = (block_id: string, element: object, fields: object = {}) => ({
  type: 'input',
  block_id,
  label: plain(block_id),
  element: { action_id: block_id, ...element },
  ...fields,
});
const text = { type: 'plain_text_input' };
const number = { type: 'number_input', is_decimal_allowed: false };
const sides = [
  { text: plain('Buy'), value: 'buy' },
  { text: plain('Sell'), value: 'sell' },
];
const form = {
  type: 'modal',
  callback_id: 'trade-form',
  title: plain('New trade'),
  submit: plain('Trade'),
  close: plain('Cancel'),
  private_metadata: 'C0TRADING',
  blocks: [
    input('symbol', text),
    input('quantity', { ...number, initial_value: '10', min_value: '1', max_value: '500' }),
    input('side', { type: 'static_select', options: sides }, { optional: true }),
  ],
};

/** Ana's command; the app does nothing with it yet. */
async function triggerOf({ slack, app }: Started): Promise<string> {
  await slack.say('U0ANA', '/trade');
  return lastForm(app)['trigger_id'] ?? '';
}

async function call({ client }: Started, method: string, sent: Record<string, unknown>) {
  return client.apiCall(method, sent).catch((thrown: { data: unknown }) => thrown.data);
}

async function openForm(started: Started, view: object = form): Promise<void> {
  const opened = await call(started, 'views.open', { trigger_id: await triggerOf(started), view });
  expect(opened).toMatchObject({ ok: true });
}

const answering = (started: Started, body: unknown, status = 200) => {
  started.app.answer = (response) => response.writeHead(status).end(body === '' ? '' : JSON.stringify(body));
};

describe('modals', () => {
  // https://docs.slack.dev/reference/methods/views.open
  it('open once per trigger, for the person who triggered them', async () => {
    const started = await startWithApp();
    const { slack } = started;
    const trigger_id = await triggerOf(started);

    const opened = await call(started, 'views.open', { trigger_id, view: form });

    const modal = slack.modal('U0ANA');
    expect(modal).toEqual({ ...form, id: expect.stringMatching(/^V[0-9A-F]+$/), hash: expect.any(String) });
    expect(opened).toMatchObject({
      ok: true,
      view: { ...form, id: modal?.id, hash: modal?.hash, state: { values: {} }, bot_id: 'B0BOT' },
    });
    expect(slack.modal('U0BEN')).toBeUndefined();
    expect(await call(started, 'views.open', { trigger_id, view: form })).toMatchObject({
      error: 'exchanged_trigger_id',
    });
  });

  // https://docs.slack.dev/surfaces/modals: a trigger_id expires three seconds after it was sent
  it('open within three seconds of the trigger and not with an unknown trigger', async () => {
    const started = await startWithApp();
    const [first, second] = [await triggerOf(started), await triggerOf(started)];

    started.clock.skip(2_900);
    expect(await call(started, 'views.open', { trigger_id: second, view: form })).toMatchObject({ ok: true });
    started.clock.skip(101);
    expect(await call(started, 'views.open', { trigger_id: first, view: form })).toMatchObject({
      error: 'expired_trigger_id',
    });
    expect(await call(started, 'views.open', { trigger_id: '1.2.abc', view: form })).toMatchObject({
      error: 'invalid_trigger_id',
    });
  });

  it('open from a button press', async () => {
    const started = await startWithApp();
    const { slack, client, app } = started;
    const button = { type: 'button', text: plain('Decline'), action_id: 'decline' };
    await client.apiCall('chat.postMessage', {
      channel: 'C0TRADING',
      blocks: [{ type: 'actions', elements: [button] }],
    });
    await slack.press('U0BEN', slack.messages()[0]?.ts ?? '', 'decline');
    const { trigger_id } = JSON.parse(lastForm(app)['payload'] ?? '');

    await call(started, 'views.open', { trigger_id, view: form });

    expect(slack.modal('U0BEN')?.callback_id).toBe('trade-form');
  });

  // https://docs.slack.dev/reference/methods/views.update
  it('are updated unless they are closed or have changed', async () => {
    const started = await startWithApp();
    const { slack } = started;
    await openForm(started);
    const { id: view_id = '', hash } = slack.modal('U0ANA') ?? {};
    const view = { type: 'modal', title: plain('Checking'), blocks: [{ type: 'divider' }] };

    expect(await call(started, 'views.update', { view_id, hash, view })).toMatchObject({ ok: true });
    expect(slack.modal('U0ANA')).toMatchObject({ id: view_id, title: plain('Checking') });
    expect(slack.modal('U0ANA')?.hash).not.toBe(hash);
    expect(await call(started, 'views.update', { view_id, hash, view })).toMatchObject({
      error: 'hash_conflict',
    });
    slack.closeModal('U0ANA');
    expect(await call(started, 'views.update', { view_id, view })).toMatchObject({ error: 'not_found' });
  });

  const long = (length: number) => 'x'.repeat(length);
  const only = (element: object, fields: object = {}) => ({ blocks: [input('a', element, fields)] });

  // https://docs.slack.dev/reference/views/modal-views and the pages of block-kit named in limits.ts
  it.for<[object, string]>([
    [{ type: 'workflow_step' }, 'unsupported type: workflow_step [json-pointer:/view/type]'],
    [{ title: undefined }, 'missing required field: title [json-pointer:/view]'],
    [{ title: plain(long(25)) }, 'must be less than 25 characters [json-pointer:/view/title/text]'],
    [{ submit: plain(long(25)) }, 'must be less than 25 characters [json-pointer:/view/submit/text]'],
    [{ close: plain(long(25)) }, 'must be less than 25 characters [json-pointer:/view/close/text]'],
    [{ callback_id: long(256) }, 'must be less than 256 characters [json-pointer:/view/callback_id]'],
    [
      { private_metadata: long(3_001) },
      'must be less than 3001 characters [json-pointer:/view/private_metadata]',
    ],
    [{ notify_on_close: true }, 'invalid additional property: notify_on_close [json-pointer:/view]'],
    [
      { blocks: Array.from({ length: 101 }, () => ({ type: 'divider' })) },
      'no more than 100 items allowed [json-pointer:/view/blocks]',
    ],
    [
      { ...only(text), submit: undefined },
      'must define `submit` to use input block [json-pointer:/view/blocks/0/input]',
    ],
    [
      only(text, { label: plain(long(2_001)) }),
      'must be less than 2001 characters [json-pointer:/view/blocks/0/label/text]',
    ],
    [
      only(text, { hint: plain(long(2_001)) }),
      'must be less than 2001 characters [json-pointer:/view/blocks/0/hint/text]',
    ],
    [
      only({ ...text, placeholder: plain(long(151)) }),
      'must be less than 151 characters [json-pointer:/view/blocks/0/element/placeholder/text]',
    ],
    [
      only({ ...text, max_length: 3_001 }),
      'must provide an integer from 1 to 3000 [json-pointer:/view/blocks/0/element/max_length]',
    ],
    [
      only({ type: 'number_input' }),
      'missing required field: is_decimal_allowed [json-pointer:/view/blocks/0/element]',
    ],
    [
      only({ type: 'static_select', options: Array.from({ length: 101 }, () => sides[0]) }),
      'no more than 100 items allowed [json-pointer:/view/blocks/0/element/options]',
    ],
    [
      only({ type: 'static_select', options: [{ text: plain(long(76)), value: 'x' }] }),
      'must be less than 76 characters [json-pointer:/view/blocks/0/element/options/0/text/text]',
    ],
    [
      only({ type: 'static_select', options: [{ text: plain('x'), value: long(151) }] }),
      'must be less than 151 characters [json-pointer:/view/blocks/0/element/options/0/value]',
    ],
    [only({ type: 'timepicker' }), 'unsupported type: timepicker [json-pointer:/view/blocks/0/element/type]'],
    [{ blocks: [{ type: 'image' }] }, 'unsupported type: image [json-pointer:/view/blocks/0/type]'],
    [
      { blocks: [input('a', text), input('a', { ...text, action_id: 'b' })] },
      '`block_id` "a" already exists [json-pointer:/view/blocks/1]',
    ],
    [
      { blocks: [input('a', text), input('b', { ...text, action_id: 'a' })] },
      '`action_id` "a" already exists for another action [json-pointer:/view/blocks]',
    ],
  ])('are refused by name: $1', async ([changed, complaint]) => {
    const started = await startWithApp();

    const refusal = await call(started, 'views.open', {
      trigger_id: await triggerOf(started),
      view: { ...form, ...changed },
    });

    expect(refusal).toMatchObject({ error: 'invalid_arguments', errors: [complaint] });
    expect(started.slack.modal('U0ANA')).toBeUndefined();
  });

  // https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload
  it('send their values on submission and close on an empty answer', async () => {
    const started = await startWithApp();
    const { slack, app } = started;
    await openForm(started);
    const { id, hash } = slack.modal('U0ANA') ?? {};

    const answer = await slack.submit('U0ANA', { symbol: 'AMZN', side: 'sell' });

    expect(answer).toMatchObject({ status: 200, body: '' });
    expect(JSON.parse(lastForm(app)['payload'] ?? '')).toEqual({
      type: 'view_submission',
      team: { id: 'T0LOCAL', domain: 'local' },
      user: { id: 'U0ANA', username: 'ana', name: 'ana', team_id: 'T0LOCAL' },
      api_app_id: 'A0LOCAL',
      trigger_id: expect.stringMatching(/^\d+\.\d+\.[0-9a-f]{32}$/),
      view: expect.objectContaining({
        id,
        hash,
        callback_id: 'trade-form',
        private_metadata: 'C0TRADING',
        state: {
          values: {
            symbol: { symbol: { type: 'plain_text_input', value: 'AMZN' } },
            quantity: { quantity: { type: 'number_input', value: '10' } },
            side: { side: { type: 'static_select', selected_option: sides[1] } },
          },
        },
      }),
      response_urls: [],
      is_enterprise_install: false,
      enterprise: null,
    });
    expect(slack.modal('U0ANA')).toBeUndefined();
  });

  it('send null for an empty field, and cannot be submitted unless open', async () => {
    const started = await startWithApp();
    const { slack, app } = started;
    await expect(slack.submit('U0ANA', {})).rejects.toThrow('No modal is open before Ana');
    await openForm(started, { ...form, blocks: [input('note', text, { optional: true }), form.blocks[2]] });
    await expect(slack.submit('U0ANA', { price: '1' })).rejects.toThrow('The modal has no field price');

    await slack.submit('U0ANA', { note: ' ' });

    expect(JSON.parse(lastForm(app)['payload'] ?? '').view.state.values).toEqual({
      note: { note: { type: 'plain_text_input', value: null } },
      side: { side: { type: 'static_select', selected_option: null } },
    });
  });

  const required = 'Please complete this required field.';

  it.for<[Record<string, string>, Record<string, string>]>([
    [{}, { symbol: required }],
    [
      { symbol: ' ', quantity: '' },
      { symbol: required, quantity: required },
    ],
    [{ symbol: 'X', quantity: 'ten' }, { quantity: 'Please enter a number.' }],
    [{ symbol: 'X', quantity: '1.5' }, { quantity: 'Please enter a whole number.' }],
    [{ symbol: 'X', quantity: '0' }, { quantity: 'Please enter a number of at least 1.' }],
    [{ symbol: 'X', quantity: '501' }, { quantity: 'Please enter a number of at most 500.' }],
    [{ symbol: 'X', side: 'hold' }, { side: 'Please pick one of the options.' }],
    [{ symbol: 'X', note: 'abc' }, { note: 'Please enter at least 4 characters.' }],
    [{ symbol: 'X', note: 'abcdefg' }, { note: 'Please enter at most 6 characters.' }],
  ])('reject %j without asking the app', async ([values, errors]) => {
    const started = await startWithApp();
    const { slack, app } = started;
    const note = input('note', { ...text, min_length: 4, max_length: 6 }, { optional: true });
    await openForm(started, { ...form, blocks: [...form.blocks, note] });
    const before = app.received.length;

    await slack.submit('U0ANA', values);

    expect(slack.modal('U0ANA')?.errors).toEqual(errors);
    expect(app.received).toHaveLength(before);
  });

  // https://docs.slack.dev/surfaces/modals#response_actions
  it('show the errors of the app until the next submission', async () => {
    const started = await startWithApp();
    const { slack } = started;
    await openForm(started);
    const errors = { symbol: 'There is no symbol NOPE.' };
    answering(started, { response_action: 'errors', errors });

    await slack.submit('U0ANA', { symbol: 'NOPE' });
    expect(slack.modal('U0ANA')).toMatchObject({ callback_id: 'trade-form', errors });

    answering(started, '', 500);
    await slack.submit('U0ANA', { symbol: 'AMZN' });
    expect(slack.modal('U0ANA')).not.toHaveProperty('errors');
  });

  it('show the next view after update and close after clear', async () => {
    const started = await startWithApp();
    const { slack } = started;
    await openForm(started);
    const { id, hash } = slack.modal('U0ANA') ?? {};
    const view = { ...form, title: plain('Really?') };

    answering(started, { response_action: 'update', view });
    await slack.submit('U0ANA', { symbol: 'AMZN' });
    expect(slack.modal('U0ANA')).toEqual({ ...view, id, hash: expect.any(String) });
    expect(slack.modal('U0ANA')?.hash).not.toBe(hash);

    answering(started, { response_action: 'clear' });
    await slack.submit('U0ANA', { symbol: 'AMZN' });
    expect(slack.modal('U0ANA')).toBeUndefined();
  });

  it.for<[unknown, number]>([
    ['', 500],
    ['thanks', 200],
    [{}, 200],
    [{ response_action: 'push', view: form }, 200],
    [{ response_action: 'update', view: { type: 'modal' } }, 200],
    [{ response_action: 'errors', errors: {} }, 200],
    [{ response_action: 'errors', errors: { price: 'No such field.' } }, 200],
  ])('stay open and show a warning after any other answer (case %#)', async ([body, status]) => {
    const started = await startWithApp();
    const { slack } = started;
    await openForm(started);
    const before = slack.modal('U0ANA');
    answering(started, body, status);

    await slack.submit('U0ANA', { symbol: 'AMZN' });
    expect(slack.modal('U0ANA')).toEqual({ ...before, failed: true });

    answering(started, '');
    await slack.submit('U0ANA', { symbol: 'AMZN' });
    expect(slack.modal('U0ANA')).toBeUndefined();
  });

  it('send nothing when closed and ignore a later answer', async () => {
    const started = await startWithApp();
    const { slack, app } = started;
    await openForm(started);
    const received = app.received.length;
    slack.closeModal('U0ANA');
    expect([slack.modal('U0ANA'), app.received.length]).toEqual([undefined, received]);

    await openForm(started);
    app.answer = (response) => {
      slack.closeModal('U0ANA');
      response.end(JSON.stringify({ response_action: 'update', view: form }));
    };
    await slack.submit('U0ANA', { symbol: 'AMZN' });
    expect(slack.modal('U0ANA')).toBeUndefined();
  });
});
