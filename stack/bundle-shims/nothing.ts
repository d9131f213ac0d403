// In the place of a package that is imported and never used: `bundling.ts` puts it there.
export const leftOut = true;
