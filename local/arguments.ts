// Checks the command line of `npm start` and `npm run demo`, which takes only settings in the form `-c name=value`.
// `npm start` removes its own option `--fresh` first.

/** The command line has an argument that the command does not take. */
export class UnknownArgument extends Error {
  override readonly name = 'UnknownArgument';
}

/** The settings, ready to be passed on to `cdk`. Throws {@link UnknownArgument}. */
export function contextArguments(args: readonly string[]): string[] {
  const context: string[] = [];
  for (let at = 0; at < args.length; at += 2) {
    const [flag, setting] = [args[at], args[at + 1]];
    if ((flag !== '-c' && flag !== '--context') || !setting || !/^[^=]+=/.test(setting)) {
      throw new UnknownArgument(
        `"${flag}" is not an option or a setting. Pass settings as -c name=value, such as npm start -- -c defaultQuantity=20`,
      );
    }
    context.push('-c', setting);
  }
  return context;
}
