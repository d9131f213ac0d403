// A person's doing as the page sends it: read, carried out, and answered with what came of it.
// Called by the page's server for each POST.
import type { Values } from '../blocks/fields.ts';
import type { Which } from '../blocks/find-button.ts';
import { answerJson } from './http.ts';
import type { PageRequest } from './page-request.ts';
import type { Answer } from '../store/last-request.ts';
import { isRecord } from '../blocks/validators.ts';

export async function carryOut(page: PageRequest): Promise<void> {
  const { request, response, installation } = page;
  const isJson = request.headers['content-type']?.startsWith('application/json');
  const doing = isJson ? doingOf(page) : undefined;
  if (!doing) return answerJson(response, 400, { error: 'invalid_arguments' });
  try {
    const came = (await doing()) ?? {};
    await installation.kept();
    return answerJson(response, 200, came);
  } catch (error) {
    // The button may have gone between the person's look and the click: the page is told so.
    return answerJson(response, 409, { error: error instanceof Error ? error.message : String(error) });
  }
}

type Doing = () => Promise<Answer> | void;

function doingOf({ doings, pathname, sent }: PageRequest): Doing | undefined {
  if (!isRecord(sent)) return undefined;
  const { person, text, threadTs, where, actionId, which = {}, values = {}, tab } = sent;
  if (typeof person !== 'string' || !isFilledIn(values)) return undefined;
  if (pathname === '/page/press' && typeof where === 'string' && typeof actionId === 'string')
    return isWhich(which) ? () => doings.press(person, where, actionId, which, values) : undefined;
  if (pathname === '/page/say' && typeof text === 'string')
    return () => doings.say(person, text, typeof threadTs === 'string' ? threadTs : undefined);
  if (pathname === '/page/submit') return () => doings.submit(person, values);
  if (pathname === '/page/close-modal') return () => doings.closeModal(person);
  if (pathname === '/page/open-home' && (tab === 'home' || tab === 'messages'))
    return () => doings.openHome(person, tab);
  return undefined;
}

const isWhich = (which: unknown): which is Which =>
  isRecord(which) && Object.values(which).every((value) => typeof value === 'string');

const isFilledIn = (values: unknown): values is Values =>
  isRecord(values) &&
  Object.values(values).every((value) => [value].flat().every((each) => typeof each === 'string'));
