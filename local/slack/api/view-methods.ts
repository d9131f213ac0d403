// The Web API methods that open and change a person's modal, and that publish the app's Home for a person.
// Called through the table in `methods.ts`.
import { randomBytes } from 'node:crypto';
import { refused } from './arguments.ts';
import type { Arguments, Refused } from './arguments.ts';
import type { Installation } from '../store/installation.ts';
import type { Answered } from './arguments.ts';
import { everyone } from '../store/people.ts';
import { stored, viewObject } from '../blocks/view.ts';

// https://docs.slack.dev/surfaces/modals
const TRIGGER_LIFETIME_MS = 3_000;

// https://docs.slack.dev/reference/methods/views.open
export function openView(
  installation: Installation,
  { trigger_id = '', view }: Arguments,
): Answered | Refused {
  const { workspace, clock } = installation;
  const trigger = workspace.trigger(trigger_id);
  if (!trigger || !view) return refused('invalid_trigger_id');
  if (trigger.used) return refused('exchanged_trigger_id');
  if (clock.now() - trigger.madeAt > TRIGGER_LIFETIME_MS) return refused('expired_trigger_id');
  if (view.type !== 'modal') return otherType;
  workspace.keepTrigger({ ...trigger, used: true });
  const modal = stored(view, newId(), workspace.nextTs());
  workspace.showModal(trigger.person, modal);
  return { ok: true, view: viewObject(modal) };
}

// https://docs.slack.dev/reference/methods/views.update
export function updateView(
  installation: Installation,
  { view_id = '', hash, view }: Arguments,
): Answered | Refused {
  const { workspace } = installation;
  const person = workspace.viewer(view_id);
  if (!person || !view) return refused('not_found');
  if (hash !== undefined && workspace.modal(person)?.hash !== hash) return refused('hash_conflict');
  if (view.type !== 'modal') return otherType;
  const modal = stored(view, view_id, workspace.nextTs());
  workspace.showModal(person, modal);
  return { ok: true, view: viewObject(modal) };
}

// https://docs.slack.dev/reference/methods/views.publish
export function publishHome(
  { manifest, workspace }: Installation,
  { user_id, hash, view }: Arguments,
): Answered | Refused {
  if (!manifest.homeTab) return refused('not_enabled');
  const person = everyone.find(({ id, bot }) => id === user_id && !bot);
  if (!person) return invalidUser;
  if (view?.type !== 'home') return otherType;
  const before = workspace.home(person.id);
  if (hash !== undefined && hash !== before?.hash) return refused('hash_conflict');
  const home = stored(view, before?.id ?? newId(), workspace.nextTs());
  workspace.showHome(person.id, home);
  return { ok: true, view: viewObject(home) };
}

// https://github.com/slackapi/node-slack-sdk/issues/925
const otherType = refused('invalid_arguments', ['must be a valid enum value [json-pointer:/view/type]']);

const invalidUser: Refused = {
  ...refused('invalid_arguments'),
  response_metadata: { messages: ['invalid `user_id`'] },
};

const newId = (): string => `V${randomBytes(5).toString('hex').toUpperCase()}`;
