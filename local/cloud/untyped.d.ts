// Type declarations for two packages that have none, limited to the functions that the local cloud calls.

declare module 'dynalite' {
  import type { Server } from 'node:http';
  export default function dynalite(options: {
    readonly createTableMs: number;
    readonly deleteTableMs?: number;
    /** A folder; without it, the tables are in memory. */
    readonly path?: string;
  }): Server;
}

declare module 'asl-validator' {
  export default function validate(definition: object): {
    readonly isValid: boolean;
    errorsText(separator?: string): string;
  };
}
