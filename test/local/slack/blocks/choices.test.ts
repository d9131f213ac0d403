// Tests input fields with choices: people, dates and options, with the values they send and the values they refuse.
import { describe, expect, it } from 'vitest';
import { lastForm, startWithApp } from '../../../support/start-tiny-app.ts';
import type { Started } from '../../../support/start-tiny-app.ts';

const plain = (text: string) => ({ type: 'plain_text', text });
const words = (text: string) => ({ type: 'mrkdwn', text });
const input = (block_id: string, element: object, fields: object = {}) => ({
  type: 'input',
  block_id,
  label: plain(block_id),
  element: { action_id: block_id, ...element },
  ...fields,
});
const buys = { text: words('*Buys*'), value: 'buy', description: plain('What is new to us') };
const sells = { text: plain('Sells'), value: 'sell' };
const who = { type: 'users_select', placeholder: plain('Select a person') };
const until = { type: 'datepicker', placeholder: plain('Select a day') };
const what = { type: 'checkboxes', options: [buys, sells] };
const formOf = (...blocks: object[]) => ({
  type: 'modal',
  title: plain('Delegate'),
  submit: plain('Save'),
  blocks,
});
const form = formOf(input('who', who), input('until', until), input('what', what, { optional: true }));

async function open(started: Started, view: object): Promise<unknown> {
  await started.slack.say('U0ANA', '/trade');
  const { trigger_id } = lastForm(started.app);
  return started.client
    .apiCall('views.open', { trigger_id, view })
    .catch((thrown: { data: unknown }) => thrown.data);
}
const valuesOf = ({ app }: Started) => JSON.parse(lastForm(app)['payload'] ?? '').view.state.values;

describe('choice fields', () => {
  // https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload
  it('send the chosen value in the format of their element', async () => {
    const started = await startWithApp();
    await open(started, form);

    await started.slack.submit('U0ANA', { who: 'U0DANA', until: '2026-12-24', what: ['sell', 'buy'] });

    expect(valuesOf(started)).toEqual({
      who: { who: { type: 'users_select', selected_user: 'U0DANA' } },
      until: { until: { type: 'datepicker', selected_date: '2026-12-24' } },
      what: { what: { type: 'checkboxes', selected_options: [buys, sells] } },
    });
    expect(started.slack.modal('U0ANA')).toBeUndefined();
  });

  it('send their initial value until it is changed, and null or an empty list for no choice', async () => {
    const started = await startWithApp();
    const optional = { optional: true };
    const view = formOf(
      input('who', { ...who, initial_user: 'U0BEN' }, optional),
      input('until', { ...until, initial_date: '2026-12-24' }, optional),
      input('what', { ...what, initial_options: [buys] }, optional),
    );
    await open(started, view);
    await started.slack.submit('U0ANA', {});
    expect(valuesOf(started)).toMatchObject({
      who: { who: { selected_user: 'U0BEN' } },
      until: { until: { selected_date: '2026-12-24' } },
      what: { what: { selected_options: [buys] } },
    });

    await open(started, view);
    await started.slack.submit('U0ANA', { who: '', until: '', what: [] });
    expect(valuesOf(started)).toEqual({
      who: { who: { type: 'users_select', selected_user: null } },
      until: { until: { type: 'datepicker', selected_date: null } },
      what: { what: { type: 'checkboxes', selected_options: [] } },
    });
  });

  const filled = { who: 'U0DANA', until: '2026-12-24', what: ['buy'] };
  const required = 'Please complete this required field.';

  it.for<[Record<string, string | readonly string[]>, Record<string, string>]>([
    [
      { who: '', until: '', what: [] },
      { who: required, until: required, what: required },
    ],
    [{ ...filled, who: 'U0NOBODY' }, { who: 'Please pick somebody from the list.' }],
    [{ ...filled, who: 'U0FRED' }, { who: 'Please pick somebody from the list.' }],
    [{ ...filled, until: '24.12.2026' }, { until: 'Please pick a date.' }],
    [{ ...filled, until: '2026-02-30' }, { until: 'Please pick a date.' }],
    [{ ...filled, what: ['buy', 'hold'] }, { what: 'Please pick some of the options.' }],
  ])('reject %j without asking the app', async ([values, errors]) => {
    const started = await startWithApp();
    const { slack, app } = started;
    await open(started, formOf(input('who', who), input('until', until), input('what', what)));

    await slack.submit('U0ANA', values);

    expect(slack.modal('U0ANA')?.errors).toEqual(errors);
    expect(app.received).toHaveLength(1);
  });

  // https://github.com/slackapi/bolt-js/issues/1981
  it('accept a bot or a person of another workspace', async () => {
    for (const user of ['U0ROBO', 'U0EVE']) {
      const started = await startWithApp();
      await open(started, form);

      await started.slack.submit('U0ANA', { ...filled, who: user });

      expect(valuesOf(started).who.who.selected_user).toBe(user);
    }
  });

  const element = '[json-pointer:/view/blocks/0/element';
  const options = (count: number) => Array.from({ length: count }, (_, at) => ({ ...sells, value: `${at}` }));
  const select = { type: 'static_select', options: [sells] };

  it.for<[object, string]>([
    [{ ...until, initial_date: '24.12.2026' }, `must provide a date as YYYY-MM-DD ${element}/initial_date]`],
    [{ ...until, initial_date: '2026-02-30' }, `must provide a date as YYYY-MM-DD ${element}/initial_date]`],
    [{ ...who, options: [sells] }, `invalid additional property: options ${element}]`],
    [{ ...what, placeholder: plain('x') }, `invalid additional property: placeholder ${element}]`],
    [{ type: 'checkboxes' }, `missing required field: options ${element}]`],
    [{ ...what, options: options(11) }, `no more than 10 items allowed ${element}/options]`],
    [{ ...what, initial_options: [] }, `no less than 1 items allowed ${element}/initial_options]`],
    [
      { ...what, initial_options: [{ ...buys, text: plain('Buys') }] },
      `no option matches the initial one "buy" ${element}]`,
    ],
    [
      { ...select, initial_option: { ...sells, value: 'x' } },
      `no option matches the initial one "x" ${element}]`,
    ],
    [{ ...select, options: [buys] }, `unsupported type: mrkdwn ${element}/options/0/text/type]`],
    [
      { ...what, options: [{ ...sells, description: plain('x'.repeat(76)) }] },
      `must be less than 76 characters ${element}/options/0/description/text]`,
    ],
  ])('are refused by name: $1', async ([asked, complaint]) => {
    const started = await startWithApp();

    const refusal = await open(started, formOf(input('field', asked)));

    expect(refusal).toMatchObject({ error: 'invalid_arguments' });
    expect(refusal).toHaveProperty('errors', expect.arrayContaining([complaint]));
  });
});
