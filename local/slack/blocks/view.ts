// A view, modal or Home: what an app sends, what Slack keeps of it, and how it is worded when it goes out.
// Read by the Web API's `views` methods and by whatever submits one or presses in it; the page shows what is kept.
import { withIds } from './blocks.ts';
import type { Block, InputBlock, TextObject } from './blocks.ts';
import { homeBlocks, inconsistencies, modalBlocks, repeated } from './check-blocks.ts';
import { limits } from './limits.ts';
import { app, team } from '../store/people.ts';
import { string, variants } from './validators.ts';
import { plainText } from './text-validators.ts';

interface Common {
  readonly callback_id?: string;
  readonly private_metadata?: string;
  readonly blocks: readonly Block[];
}

/** https://docs.slack.dev/reference/views/modal-views */
interface AppModal extends Common {
  readonly type: 'modal';
  readonly title: TextObject;
  readonly submit?: TextObject;
  readonly close?: TextObject;
}

/** https://docs.slack.dev/reference/views/home-tab-views */
interface AppHome extends Common {
  readonly type: 'home';
}

export type AppView = AppModal | AppHome;

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

const words = plainText(limits.viewTitle);
const common = {
  callback_id: string(limits.callbackId),
  private_metadata: string(limits.privateMetadata, 0),
};
const shape = variants({
  modal: {
    required: ['title', 'blocks'],
    fields: { ...common, title: words, submit: words, close: words, blocks: modalBlocks },
  },
  home: { required: ['blocks'], fields: { ...common, blocks: homeBlocks } },
});

export type ReadView = { readonly view: AppView } | { readonly complaints: readonly string[] };

export function readView(sent: unknown): ReadView {
  const complaints: string[] = [];
  if (!isView(sent, complaints)) return { complaints };
  const unclear = contradictions(sent);
  return unclear.length > 0 ? { complaints: unclear } : { view: sent };
}

function isView(sent: unknown, complaints: string[]): sent is AppView {
  complaints.push(...shape(sent, '/view'));
  return complaints.length === 0;
}

function contradictions(view: AppView): readonly string[] {
  return [
    ...inconsistencies(view.blocks, '/view/blocks'),
    ...(view.type === 'modal' ? unclearInputs(view) : []),
  ];
}

function unclearInputs({ blocks, submit }: AppModal): readonly string[] {
  // Slack wants them unique in a block only; a test fills a modal in by them alone, so here they are unique in it.
  const twice = repeated(inputsOf(blocks).map(({ element }) => element.action_id));
  return [
    ...twice.map(
      (id) => `\`action_id\` "${id}" already exists for another action [json-pointer:/view/blocks]`,
    ),
    ...blocks.flatMap(({ type }, index) =>
      type === 'input' && !submit
        ? [`must define \`submit\` to use input block [json-pointer:/view/blocks/${index}/input]`]
        : [],
    ),
  ];
}

export function inputsOf(blocks: readonly Block[]): readonly InputBlock[] {
  return blocks.filter((each) => each.type === 'input');
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
