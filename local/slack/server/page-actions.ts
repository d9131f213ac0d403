// Runs an action that the page sends, and answers with its result.
// Called by the page's server for each POST.
import type { Values } from '../blocks/fields.ts';
import type { Which } from '../blocks/find-button.ts';
import { answerJson } from './http.ts';
import type { PageRequest } from './page-request.ts';
import type { Answer } from '../store/last-request.ts';
import { isRecord } from '../blocks/validators.ts';

export async function handlePageAction(page: PageRequest): Promise<void> {
  const { request, response, installation } = page;
  const isJson = request.headers['content-type']?.startsWith('application/json');
  const action = isJson ? actionOf(page) : undefined;
  if (!action) return answerJson(response, 400, { error: 'invalid_arguments' });
  try {
    const came = (await action()) ?? {};
    await installation.saved();
    return answerJson(response, 200, came);
  } catch (error) {
    // An action fails, for example, if the button no longer exists. The page shows the reason.
    return answerJson(response, 409, { error: error instanceof Error ? error.message : String(error) });
  }
}

type Action = () => Promise<Answer> | void;

function actionOf({ userActions, pathname, sent }: PageRequest): Action | undefined {
  if (!isRecord(sent)) return undefined;
  const { person, text, where, actionId, which = {}, values = {}, tab } = sent;
  if (typeof person !== 'string' || !isFilledIn(values)) return undefined;
  if (pathname === '/page/press' && typeof where === 'string' && typeof actionId === 'string')
    return isWhich(which) ? () => userActions.press(person, where, actionId, which, values) : undefined;
  if (pathname === '/page/say' && typeof text === 'string')
    return () => userActions.say(person, text, typeof where === 'string' ? where : undefined);
  if (pathname === '/page/submit') return () => userActions.submit(person, values);
  if (pathname === '/page/close-modal') return () => userActions.closeModal(person);
  if (pathname === '/page/open-home' && (tab === 'home' || tab === 'messages'))
    return () => userActions.openHome(person, tab);
  return undefined;
}

const isWhich = (which: unknown): which is Which =>
  isRecord(which) && Object.values(which).every((value) => typeof value === 'string');

const isFilledIn = (values: unknown): values is Values =>
  isRecord(values) &&
  Object.values(values).every((value) => [value].flat().every((each) => typeof each === 'string'));
