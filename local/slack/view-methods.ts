// The Web API methods that open a modal before a person and change it: a trigger is exchanged for a view.
// Called through the table of methods.
import { randomBytes } from 'node:crypto';
import { refused } from './arguments.ts';
import type { Arguments, Refused } from './arguments.ts';
import type { Installation } from './installation.ts';
import { limits } from './limits.ts';
import type { Answered } from './arguments.ts';
import { keptView, viewObject } from './view.ts';
import type { AppView } from './view.ts';

// https://docs.slack.dev/reference/methods/views.open
export function openView(
  installation: Installation,
  { trigger_id = '', view }: Arguments,
): Answered | Refused {
  const { workspace, clock } = installation;
  const trigger = workspace.trigger(trigger_id);
  if (!trigger || !view) return refused('invalid_trigger_id');
  if (trigger.used) return refused('exchanged_trigger_id');
  if (clock.now() - trigger.madeAt > limits.triggerMilliseconds) return refused('expired_trigger_id');
  workspace.keepTrigger({ ...trigger, used: true });
  return show(installation, trigger.person, view, `V${randomBytes(5).toString('hex').toUpperCase()}`);
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
  return show(installation, person, view, view_id);
}

function show({ workspace }: Installation, person: string, view: AppView, id: string): Answered {
  const kept = keptView(view, id, workspace.nextTs());
  workspace.showModal(person, kept);
  return { ok: true, view: viewObject(kept) };
}
