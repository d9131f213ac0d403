// What Slack sends of a submitted modal, as far as modals are read: the text of each field by its block and action.
// Each modal's own file reads its fields with it.

export interface SubmittedView {
  readonly private_metadata: string;
  readonly state: {
    readonly values: Readonly<
      Record<
        string,
        Readonly<Record<string, { value?: string | null; selected_option?: { value: string } | null }>>
      >
    >;
  };
}

export function valueOf(
  view: SubmittedView,
  field: { readonly block: string; readonly action: string },
): string | undefined {
  const { value, selected_option: selected } = view.state.values[field.block]?.[field.action] ?? {};
  return selected?.value ?? value ?? undefined;
}

/** Where who submitted can be answered privately: each modal of ours carries it in its metadata. */
export function responseUrlIn({ private_metadata }: SubmittedView): string | undefined {
  try {
    const { responseUrl } = JSON.parse(private_metadata);
    return typeof responseUrl === 'string' ? responseUrl : undefined;
  } catch {
    return undefined;
  }
}
