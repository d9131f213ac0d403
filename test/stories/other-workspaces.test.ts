// Tests what people read whose requests come from an organization-wide installation, or from another workspace through
// Slack Connect. Each payload is one of the local Slack with the differences that Slack documents, signed again.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer, Message } from '../../local/slack/slack.ts';
import { ANA, BEN, CHLOE, openTradingDesk, type TradingDesk } from '../support/trading-desk.ts';

const EVE = 'U0EVE';
let desk: TradingDesk;

beforeAll(async () => {
  desk = await openTradingDesk();
});
afterAll(() => desk.stop());

type Fields = Record<string, unknown>;

/** Sends the last request once more, changed: a command as a form, an interaction as its payload, an event as JSON. */
async function sendAgain(change: (sent: Fields) => Fields): Promise<Answer> {
  const sent = desk.slack.lastRequest();
  if (!sent) throw new Error('Nothing was sent.');
  const answer = await desk.slack.redeliver({ ...sent, body: changed(sent, change) });
  await desk.cloud.settled();
  return answer;
}

function changed(
  { body, contentType }: { readonly body: string; readonly contentType: string },
  change: (sent: Fields) => Fields,
): string {
  if (contentType === 'application/json') return JSON.stringify(change(JSON.parse(body)));
  const form = Object.fromEntries(new URLSearchParams(body));
  const { payload } = form;
  const fields =
    payload === undefined
      ? Object.entries(change(form)).map(([name, value]) => [name, String(value)] as const)
      : [['payload', JSON.stringify(change(JSON.parse(payload)))] as const];
  return new URLSearchParams(Object.fromEntries(fields)).toString();
}

/** The last private answer or direct message that the person got. */
const lastRead = (person: string) =>
  [...desk.slack.directMessages(person).map(({ text }) => text), ...desk.privately(person)].at(-1);
const isPending = (message: Message) => JSON.stringify(desk.now(message).blocks).includes('"decline"');
const homeOf = (person: string) => JSON.stringify(desk.slack.home(person)?.blocks);

const NOT_SUPPORTED =
  'This app is installed for a whole organization (Enterprise Grid), which it does not support. Ask your operator to install it in one workspace.';

/** https://github.com/slackapi/bolt-python/pull/23 */
const ofOrganization = (sent: Fields): Fields => ({
  ...sent,
  team: null,
  enterprise: { id: 'E0ORG', name: 'Org' },
  is_enterprise_install: true,
});

describe('an organization-wide installation', () => {
  it.each(['AMZN 2', '', 'status', 'pending', 'audit 2026-11', 'help'])(
    'answers the command `/trade %s` with what is not supported',
    async (text) => {
      await desk.slack.say(ANA, '/trade help');
      const posts = desk.posts().length;
      const answer = await sendAgain((sent) => ({
        ...sent,
        text,
        enterprise_id: 'E0ORG',
        enterprise_name: 'Org',
        is_enterprise_install: 'true',
      }));
      expect(answer.status).toBe(200);
      expect(lastRead(ANA)).toBe(NOT_SUPPORTED);
      expect(desk.posts()).toHaveLength(posts);
      expect(desk.slack.modal(ANA)).toBeUndefined();
    },
  );

  it('decides nothing by a press on a message', async () => {
    const message = await desk.ask('/trade AMZN 2');
    await desk.press(BEN, message, 'decline');
    desk.slack.closeModal(BEN);
    const answer = await sendAgain((sent) => ofOrganization(asApprove(sent)));
    expect(answer.status).toBe(200);
    expect(lastRead(BEN)).toBe(NOT_SUPPORTED);
    expect(isPending(message)).toBe(true);
    // The same press in a workspace decides, so the payload is a valid one.
    const team = { id: 'T0LOCAL', domain: 'local' };
    await sendAgain((sent) => ({ ...sent, team, enterprise: null, is_enterprise_install: false }));
    expect(isPending(message)).toBe(false);
  });

  it('decides nothing by a press in Home', async () => {
    const message = await desk.ask('/trade AMZN 3');
    await desk.slack.openHome(BEN);
    const value = valueOf(message, 'decline');
    await desk.slack.press(BEN, desk.slack.home(BEN)?.id ?? '', 'decline', { value });
    await desk.cloud.settled();
    desk.slack.closeModal(BEN);
    const answer = await sendAgain((sent) => ofOrganization(asApprove(sent)));
    expect(answer.status).toBe(200);
    expect(desk.slack.directMessages(BEN).at(-1)?.text).toBe(NOT_SUPPORTED);
    expect(isPending(message)).toBe(true);
  });

  it('declines nothing by a submission, and shows why in the modal', async () => {
    const message = await desk.ask('/trade AMZN 4');
    const other = await desk.ask('/trade AMZN 5');
    await desk.decline(BEN, other, 'No');
    const key = JSON.parse(valueOf(message, 'decline'));
    const answer = await sendAgain((sent) =>
      ofOrganization(withView(sent, { private_metadata: JSON.stringify({ ...key, messageTs: message.ts }) })),
    );
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.body)).toMatchObject({ response_action: 'errors' });
    expect(answer.body).toContain(NOT_SUPPORTED);
    expect(isPending(message)).toBe(true);
  });

  it.each(['T0LOCAL', null])(
    'shows in Home what is not supported, and nothing else: team %s',
    async (team_id) => {
      await desk.slack.openHome(CHLOE);
      await desk.cloud.settled();
      expect(homeOf(CHLOE)).not.toContain(NOT_SUPPORTED);
      // https://api.slack.com/enterprise/apps/reference
      const answer = await sendAgain((sent) => ({
        ...sent,
        event_id: 'EvORG',
        team_id,
        enterprise_id: 'E0ORG',
        authorizations: [
          {
            enterprise_id: 'E0ORG',
            team_id: null,
            user_id: 'U0BOT',
            is_bot: true,
            is_enterprise_install: true,
          },
        ],
      }));
      expect(answer.status).toBe(200);
      expect(homeOf(CHLOE)).toContain(NOT_SUPPORTED);
      expect(homeOf(CHLOE)).not.toContain('AMZN');
    },
  );
});

describe('a person of another workspace', () => {
  const foreign = 'you are a member of another workspace';

  /** A command of Eve, although Slack offers it to nobody outside the workspace. */
  async function eveSays(text: string): Promise<string> {
    await desk.slack.say(ANA, '/trade help');
    const before = desk.privately(ANA).length;
    const answer = await sendAgain((sent) => ({
      ...sent,
      text,
      user_id: EVE,
      user_name: 'eve',
      team_id: 'T0OTHER',
      team_domain: 'other',
      enterprise_id: 'E0OTHER',
      enterprise_name: 'Other Ltd',
    }));
    expect(answer.status).toBe(200);
    return [answer.body, ...desk.privately(ANA).slice(before)].join('\n');
  }

  it('cannot start an execution by a command', async () => {
    const posts = desk.posts().length;
    expect(await eveSays('AMZN 2')).toContain(`Nothing was requested: ${foreign}`);
    expect(desk.posts()).toHaveLength(posts);
  });

  it('cannot start one by the form either', async () => {
    await desk.slack.say(ANA, '/trade');
    await desk.slack.submit(ANA, { symbol: 'AMZN', quantity: '3' });
    await desk.cloud.settled();
    const posts = desk.posts().length;
    const before = desk.privately(ANA).length;
    const answer = await sendAgain((sent) => ({ ...sent, ...asEve('T0OTHER') }));
    expect([answer.body, ...desk.privately(ANA).slice(before)].join('')).toContain(
      `Nothing was requested: ${foreign}`,
    );
    expect(desk.posts()).toHaveLength(posts);
  });

  it.each(['status', 'pending', 'audit 2026-11'])('reads `%s` of what she may see only', async (text) => {
    desk.slack.leave(EVE);
    await desk.cloud.advance(6 * 60_000);
    await desk.ask('/trade AMZN 6');
    const name = (await desk.lastExecution()).split(':').at(-1) ?? '';
    const answer = await eveSays(text);
    expect(answer).not.toContain('6 AMZN');
    expect(answer).toMatch(
      /There are no pending requests|You have no pending requests|The audit is for approvers/,
    );
    expect(await eveSays(`status ${name}`)).toContain('has asked for approval');
    expect(await eveSays(`cancel ${name}`)).toContain('has asked for approval');
    await desk.slack.openHome(EVE);
    await desk.cloud.settled();
    expect(homeOf(EVE)).not.toContain('AMZN');
  });

  it.each(['approve', 'decline'] as const)('cannot %s, and reads why', async (action) => {
    const message = await desk.ask('/trade AMZN 7');
    await desk.press(EVE, message, action);
    const read = action === 'approve' ? lastRead(EVE) : JSON.stringify(desk.slack.modal(EVE));
    expect(read).toContain(foreign);
    if (action === 'decline') desk.slack.closeModal(EVE);
    expect(isPending(message)).toBe(true);
  });

  it('cannot decline by the submission of a modal, whose `team` is her own workspace', async () => {
    const message = await desk.ask('/trade AMZN 8');
    const other = await desk.ask('/trade AMZN 9');
    await desk.decline(BEN, other, 'No');
    const key = JSON.parse(valueOf(message, 'decline'));
    const answer = await sendAgain((sent) => ({
      ...withView(sent, {
        private_metadata: JSON.stringify({ ...key, messageTs: message.ts }),
        app_installed_team_id: 'T0LOCAL',
      }),
      ...asEve('T0OTHER'),
    }));
    expect(answer.status).toBe(200);
    expect(desk.slack.directMessages(EVE).at(-1)?.text).toContain(foreign);
    expect(isPending(message)).toBe(true);
  });
});

/** The sender of a submission, whose `team` is the person's own: https://github.com/slackapi/bolt-js/issues/1614 */
const asEve = (team: string): Fields => ({
  user: { id: EVE, username: 'eve', name: 'eve', team_id: team },
  team: { id: team, domain: 'other' },
  trigger_id: 'hers',
});

/** A press of Approve on the same request. */
function asApprove(sent: Fields): Fields {
  const [action] = sent['actions'] as Fields[];
  return { ...sent, actions: [{ ...action, action_id: 'approve' }] };
}

function withView(sent: Fields, differences: Fields): Fields {
  return { ...sent, view: { ...(sent['view'] as Fields), ...differences } };
}

/** The value of the message's button of this action. */
function valueOf({ blocks = [] }: Message, action: string): string {
  const actions = blocks.find(({ type }) => type === 'actions');
  const buttons = (actions && 'elements' in actions ? actions.elements : []) as Fields[];
  return String(buttons.find((button) => button['action_id'] === action)?.['value']);
}
