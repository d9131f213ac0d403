// Receives the bytes of a file at its upload address, raw or in a multipart form.
// Called by the server for `POST /upload/v1/<ticket>`.
import type { Installation } from '../store/installation.ts';

/**
 * Returns the number of bytes. Undefined if the ticket is unknown or the number differs from the announced length:
 * https://docs.slack.dev/reference/methods/files.getUploadURLExternal
 */
export async function receiveUpload(
  { files, log }: Installation,
  ticket: string,
  contentType: string,
  body: Buffer,
): Promise<number | undefined> {
  const content = contentType.startsWith('multipart/form-data') ? await fileIn(body, contentType) : body;
  const file = files.redeem(ticket);
  const isComplete = file !== undefined && content?.length === file.size;
  log({ source: 'slack', event: isComplete ? 'file_received' : 'upload_refused', file: file?.id });
  if (!isComplete) return undefined;
  files.keep({ ...file, content });
  return file.size;
}

async function fileIn(body: Buffer, contentType: string): Promise<Buffer | undefined> {
  const headers = { 'content-type': contentType };
  const form = await new Response(new Uint8Array(body), { headers }).formData();
  const file = [...form.values()].find((each) => typeof each !== 'string');
  return file && Buffer.from(await file.arrayBuffer());
}
