// Reads the fields of a submitted modal, each by its block id and action id. The file of each modal calls it.

interface FieldState {
  readonly value?: string | null;
  readonly selected_option?: { readonly value: string } | null;
  readonly selected_options?: readonly { readonly value: string }[];
  readonly selected_date?: string | null;
  readonly selected_user?: string | null;
}

export interface SubmittedView {
  readonly private_metadata: string;
  readonly state: { readonly values: Readonly<Record<string, Readonly<Record<string, FieldState>>>> };
}

/** The block id and the action id of a field. */
export interface Field {
  readonly block: string;
  readonly action: string;
}

export function valueOf(view: SubmittedView, field: Field): string | undefined {
  const { value, selected_option: selected } = stateOf(view, field);
  return selected?.value ?? value ?? undefined;
}

export function selectedOptions(view: SubmittedView, field: Field): readonly string[] {
  return (stateOf(view, field).selected_options ?? []).map(({ value }) => value);
}

/** A date, such as `2026-11-30`. */
export function selectedDate(view: SubmittedView, field: Field): string | undefined {
  return stateOf(view, field).selected_date ?? undefined;
}

export function selectedUser(view: SubmittedView, field: Field): string | undefined {
  return stateOf(view, field).selected_user ?? undefined;
}

function stateOf(view: SubmittedView, { block, action }: Field): FieldState {
  return view.state.values[block]?.[action] ?? {};
}

/** Slack's URL for private answers, from the modal's metadata. Undefined if the metadata has none. */
export function responseUrlIn({ private_metadata }: SubmittedView): string | undefined {
  try {
    const { responseUrl } = JSON.parse(private_metadata);
    return typeof responseUrl === 'string' ? responseUrl : undefined;
  } catch {
    return undefined;
  }
}
