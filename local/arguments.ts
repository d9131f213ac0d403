// The command line of `npm start` and `npm run demo`: settings as `cdk` takes them, and nothing else.

/** The command line has something that nobody asked for. */
export class UnknownArgument extends Error {
  override readonly name = 'UnknownArgument';
}

/** The settings, as they are handed on to `cdk`. Throws {@link UnknownArgument}. */
export function contextArguments(args: readonly string[]): string[] {
  const context: string[] = [];
  for (let at = 0; at < args.length; at += 2) {
    const [flag, setting] = [args[at], args[at + 1]];
    if ((flag !== '-c' && flag !== '--context') || !setting || !/^[^=]+=/.test(setting)) {
      throw new UnknownArgument(
        `"${flag}" is not understood. Settings are given like this: -- -c defaultQuantity=20`,
      );
    }
    context.push('-c', setting);
  }
  return context;
}
