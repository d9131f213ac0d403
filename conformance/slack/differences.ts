// Compares what was sent to Slack with what Slack returns. `run-slack.ts` calls it for messages and views.

type Members = Readonly<Record<string, unknown>>;

/**
 * Lists what Slack lost, changed or added. Defaults that Slack fills in, entities and the brackets around a link do not
 * count: https://docs.slack.dev/messaging/formatting-message-text
 */
export function differences(sent: unknown, answered: unknown, path: string): readonly string[] {
  if (Array.isArray(sent)) return ofLists(sent, answered, path);
  if (isRecord(sent)) return ofRecords(sent, answered, path);
  if (sent === answered) return [];
  if (typeof sent === 'string' && typeof answered === 'string' && plain(sent) === plain(answered)) return [];
  return [
    answered === undefined ? `lost ${path}: ${shown(sent)}` : changed(path, shown(sent), shown(answered)),
  ];
}

function ofLists(sent: readonly unknown[], answered: unknown, path: string): readonly string[] {
  if (!Array.isArray(answered)) return [changed(path, shown(sent), shown(answered))];
  if (answered.length !== sent.length)
    return [changed(path, `${sent.length} items`, `${answered.length} items`)];
  return sent.flatMap((item, at) => differences(item, answered[at], `${path}/${at}`));
}

function ofRecords(sent: Members, answered: unknown, path: string): readonly string[] {
  if (!isRecord(answered)) return [changed(path, shown(sent), shown(answered))];
  const kept = Object.entries(sent).flatMap(([name, value]) =>
    differences(value, answered[name], `${path}/${name}`),
  );
  const added = Object.entries(answered)
    .filter(([name, value]) => !(name in sent) && !isDefault(name, value))
    .map(([name, value]) => `added ${path}/${name}: ${shown(value)}`);
  return [...kept, ...added];
}

/** https://docs.slack.dev/reference/block-kit lists the defaults of members. Slack generates ids if none is sent. */
function isDefault(name: string, value: unknown): boolean {
  return value === false || ['action_id', 'block_id', 'dispatch_action_config', 'emoji'].includes(name);
}

/** Without entities, and without the brackets around a link that has no text of its own. */
function plain(text: string): string {
  return text
    .replaceAll(/<((?:https?|mailto):[^|>]*)>/g, '$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

function isRecord(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function changed(path: string, sent: string, answered: string): string {
  return `changed ${path}: ${sent} → ${answered}`;
}

function shown(value: unknown): string {
  return JSON.stringify(value) ?? 'nothing';
}
