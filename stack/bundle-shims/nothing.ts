// Replaces a package that is imported but never used. `bundle.ts` redirects the import to this file.
export const leftOut = true;
