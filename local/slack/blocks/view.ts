// A view, modal or Home: what an app sends, what Slack keeps of it, and how it is worded when it goes out.
// Read by the Web API's `views` methods and by whatever submits one or presses in it; the page shows what is kept.
import * as v from 'valibot';
import { homeBlocks, modalBlocks, withIds } from './blocks.ts';
import { limits } from './limits.ts';
import { app, team } from '../store/people.ts';
import { complaintsOf, plainText, rule, text } from './validators.ts';

const title = plainText(limits.viewTitle);
const common = {
  callback_id: v.exactOptional(text(limits.callbackId)),
  private_metadata: v.exactOptional(text(limits.privateMetadata, 0)),
};
/** https://docs.slack.dev/reference/views/modal-views */
const modalView = v.strictObject({
  type: v.literal('modal'),
  ...common,
  title,
  submit: v.exactOptional(title),
  close: v.exactOptional(title),
  blocks: modalBlocks,
});
/** https://docs.slack.dev/reference/views/home-tab-views */
const homeView = v.strictObject({ type: v.literal('home'), ...common, blocks: homeBlocks });
type AppModal = v.InferOutput<typeof modalView>;
type AppHome = v.InferOutput<typeof homeView>;

const inputsWithoutSubmit = ({ blocks, submit }: AppModal) =>
  blocks.flatMap(({ type }, index) =>
    type === 'input' && !submit
      ? [['must define `submit` to use input block', 'blocks', index, 'input'] as const]
      : [],
  );
export const appView = v.variant('type', [
  v.pipe(
    modalView,
    rule((view) => inputsWithoutSubmit(view)),
  ),
  homeView,
]);
export type AppView = v.InferOutput<typeof appView>;

/** What Slack adds to a view that it keeps. */
interface Kept {
  readonly id: string;
  readonly hash: string;
}

/** A modal as it stands before its person. */
export interface View extends AppModal, Kept {
  /** What is wrong with a field, by its block's id: the app's word or, of a field left empty, Slack's own. */
  readonly errors?: Readonly<Record<string, string>>;
  /** The last submission or press failed: too late, not 200, or an answer that is none. */
  readonly failed?: true;
}

/** The app's Home as it was published for one person. */
export interface Home extends AppHome, Kept {
  /** Why that person's last press in it failed. */
  readonly warning?: string;
}

export type ReadView = { readonly view: AppView } | { readonly complaints: readonly string[] };

export function readView(sent: unknown): ReadView {
  const { success, output, issues } = v.safeParse(appView, sent);
  return success ? { view: output } : { complaints: complaintsOf(issues, '/view') };
}

export function kept({ blocks }: AppView, id: string, hash: string): Kept & Pick<AppView, 'blocks'> {
  return { blocks: withIds(blocks), id, hash };
}

/** As an app receives it: https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload */
export function viewObject(view: View | Home, values: object = {}): object {
  const { id, hash, type, callback_id = '', private_metadata = '', blocks } = view;
  const modal = type === 'modal' ? view : undefined;
  return {
    id,
    team_id: team.id,
    type,
    blocks,
    private_metadata,
    callback_id,
    state: { values },
    hash,
    ...(modal && { title: modal.title }),
    clear_on_close: false,
    notify_on_close: false,
    close: modal?.close ?? null,
    submit: modal?.submit ?? null,
    previous_view_id: null,
    root_view_id: id,
    app_id: app.id,
    external_id: '',
    app_installed_team_id: team.id,
    bot_id: app.bot,
  };
}
