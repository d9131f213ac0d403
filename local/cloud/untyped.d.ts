// Types of two packages that bring none, for the functions used here: the tables and the definition check use them.

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
