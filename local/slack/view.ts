// A modal: what an app sends as a view, what Slack keeps of it, and how it is worded when it goes out.
// Read by the Web API's `views` methods and by `submit-modal.ts`; the page shows what is kept.
import { withIds } from './blocks.ts';
import type { Block, InputBlock, TextObject } from './blocks.ts';
import { inconsistencies, plainText, repeated, viewBlocks } from './check-blocks.ts';
import { limits } from './limits.ts';
import { app, team } from './people.ts';
import { string, variants } from './shapes.ts';

/** https://docs.slack.dev/reference/views/modal-views */
export interface AppView {
  readonly type: 'modal';
  readonly title: TextObject;
  readonly submit?: TextObject;
  readonly close?: TextObject;
  readonly callback_id?: string;
  readonly private_metadata?: string;
  readonly blocks: readonly Block[];
}

/** A modal as it stands before its person. */
export interface View extends AppView {
  readonly id: string;
  readonly hash: string;
  /** What is wrong with a field, by its block's id: the app's word or, of a field left empty, Slack's own. */
  readonly errors?: Readonly<Record<string, string>>;
  /** The last submission failed: too late, not 200, or an answer that is none. */
  readonly failed?: true;
}

const words = plainText(limits.viewTitle);
const shape = variants({
  modal: {
    required: ['title', 'blocks'],
    fields: {
      title: words,
      submit: words,
      close: words,
      callback_id: string(limits.callbackId),
      private_metadata: string(limits.privateMetadata, 0),
      blocks: viewBlocks,
    },
  },
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

function contradictions({ blocks, submit }: AppView): readonly string[] {
  const inputs = inputsOf(blocks);
  // Slack wants them unique in a block only; a test fills a modal in by them alone, so here they are unique in it.
  const twice = repeated(inputs.map(({ element }) => element.action_id));
  return [
    ...inconsistencies(blocks, '/view/blocks'),
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

export function keptView(view: AppView, id: string, hash: string): View {
  return { ...view, blocks: withIds(view.blocks), id, hash };
}

/** As an app receives it: https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload */
export function viewObject(view: View, values: object = {}): object {
  const { id, hash, type, title, submit, close, callback_id, private_metadata, blocks } = view;
  return {
    id,
    team_id: team.id,
    type,
    blocks,
    private_metadata: private_metadata ?? '',
    callback_id: callback_id ?? '',
    state: { values },
    hash,
    title,
    clear_on_close: false,
    notify_on_close: false,
    close: close ?? null,
    submit: submit ?? null,
    previous_view_id: null,
    root_view_id: id,
    app_id: app.id,
    external_id: '',
    app_installed_team_id: team.id,
    bot_id: app.bot,
  };
}
