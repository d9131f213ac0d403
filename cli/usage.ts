// How an operator starts a command: as a script of this project, or as the command of the package. The usage of each
// command that both have begins with it.

export function startOf(command: string): string {
  // npm sets it to the name of the script, and npx to `npx`.
  const isScript = process.env['npm_lifecycle_event'] === command;
  return isScript ? `npm -s run ${command} --` : `npx countersign ${command}`;
}
