// The files of the app: announced first, then uploaded to an address of their own, then shared in a conversation.
// Created once by `slack.ts`; written by `file-methods.ts` and `upload.ts`, read for downloads.
import { randomBytes } from 'node:crypto';
import { noPersistence } from '../../persistence.ts';

/** The file as a message shows it. */
export interface FileInfo {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  /** In bytes. */
  readonly size: number;
}

interface StoredFile {
  readonly id: string;
  readonly name: string;
  readonly size: number;
  /** Missing until the bytes are uploaded. */
  readonly content?: Buffer;
  readonly shared?: true;
}

export interface Files {
  find(id: string): StoredFile | undefined;
  keep(file: StoredFile): void;
  /** Registers a file; the ticket allows one upload of its bytes. */
  announce(name: string, size: number): { readonly id: string; readonly ticket: string };
  /** The file announced with that ticket; the ticket cannot be used again. */
  redeem(ticket: string): StoredFile | undefined;
}

/** The form in which a file is saved: its bytes are base64. */
type KeptFile = Omit<StoredFile, 'content'> & { readonly content?: string };

export function createFiles(persistence = noPersistence): Files {
  const files = persistence.part<Record<string, KeptFile>>('files', {});
  const tickets = new Map<string, string>();
  const find = (id: string): StoredFile | undefined => {
    const found = files[id];
    if (!found) return undefined;
    const { content, ...file } = found;
    return { ...file, ...(content !== undefined && { content: Buffer.from(content, 'base64') }) };
  };
  return {
    find,
    keep: ({ content, ...file }) => {
      files[file.id] = { ...file, ...(content && { content: content.toString('base64') }) };
    },
    announce: (name, size) => {
      const id = `F${randomBytes(5).toString('hex').toUpperCase()}`;
      const ticket = randomBytes(24).toString('base64url');
      files[id] = { id, name, size };
      tickets.set(ticket, id);
      return { id, ticket };
    },
    redeem: (ticket) => {
      const file = find(tickets.get(ticket) ?? '');
      tickets.delete(ticket);
      return file;
    },
  };
}
