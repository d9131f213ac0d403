// The schema of a view (a modal or a Home), its stored form and its format for the app.
// Used by the Web API's `views` methods and by the code that submits a view or presses in it.
import * as v from 'valibot';
import { viewBlocks, withIds } from './blocks.ts';
import { app, team } from '../store/people.ts';
import { optional, plainText, rule, text, typed } from './validators.ts';

// https://docs.slack.dev/reference/views/modal-views and home-tab-views
const title = plainText(24);
const common = { callback_id: optional(text(255)), private_metadata: optional(text(3_000, 0)) };
const modalView = typed('modal', {
  ...common,
  title,
  submit: optional(title),
  close: optional(title),
  blocks: viewBlocks,
});
const homeView = typed('home', { ...common, blocks: viewBlocks });
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

/** Slack's additions to a stored view. */
interface Identity {
  readonly id: string;
  readonly hash: string;
}

/** A modal that is open for a person. */
export interface View extends AppModal, Identity {
  /** Errors of fields by block id: from the app, or Slack's own for a refused value. */
  readonly errors?: Readonly<Record<string, string>>;
  /** True if the last submission or press failed: the app's answer was too late, not HTTP 200, or invalid. */
  readonly failed?: true;
}

/** The app's Home as published for one person. */
export interface Home extends AppHome, Identity {
  /** Slack's error code if the person's last press in this Home failed. */
  readonly warning?: string;
}

/** The view as Slack stores it: with its own id and hash, and an id for each block and element. */
export const stored = <T extends AppView>(view: T, id: string, hash: string) => {
  const blocks = withIds(view.blocks);
  return { ...view, id, hash, blocks };
};

/** Format: https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload */
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
