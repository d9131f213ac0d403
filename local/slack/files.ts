// The files an app uploads: announced first, then sent to an address of their own, then shared in a conversation.
// Made once by `slack.ts`; filled by `file-methods.ts` and `upload.ts`, and read where a file is downloaded.
import { randomBytes } from 'node:crypto';

/** What a message shows of a file. */
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
  /** Missing until its bytes have come. */
  readonly content?: Buffer;
  readonly shared?: true;
}

export interface Files {
  find(id: string): StoredFile | undefined;
  keep(file: StoredFile): void;
  /** A ticket for its bytes, to be used once. */
  announce(name: string, size: number): { readonly id: string; readonly ticket: string };
  /** The file that was announced under that ticket, which is used up. */
  redeem(ticket: string): StoredFile | undefined;
}

export function createFiles(): Files {
  const files = new Map<string, StoredFile>();
  const tickets = new Map<string, string>();
  return {
    find: (id) => files.get(id),
    keep: (file) => {
      files.set(file.id, file);
    },
    announce: (name, size) => {
      const id = `F${randomBytes(5).toString('hex').toUpperCase()}`;
      const ticket = randomBytes(24).toString('base64url');
      files.set(id, { id, name, size });
      tickets.set(ticket, id);
      return { id, ticket };
    },
    redeem: (ticket) => {
      const file = files.get(tickets.get(ticket) ?? '');
      tickets.delete(ticket);
      return file;
    },
  };
}
