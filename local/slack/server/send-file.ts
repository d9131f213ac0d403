// Sends a file to the person who downloads it, only if a message that they can see contains it.
// Called by the page's server.
import type { ServerResponse } from 'node:http';
import { answerJson } from './http.ts';
import type { Installation } from '../store/installation.ts';

export function sendFile(
  { workspace, files }: Installation,
  response: ServerResponse,
  person: string,
  id: string,
): void {
  const seen = [...workspace.seenBy(person), ...workspace.directMessages(person)];
  const isShown = seen.some((message) => message.files?.some((each) => each.id === id));
  const file = isShown ? files.find(id) : undefined;
  if (!file?.content) return answerJson(response, 404, { error: 'file_not_found' });
  response.writeHead(200, {
    'content-type': 'application/octet-stream',
    'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`,
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  });
  response.end(file.content);
}
