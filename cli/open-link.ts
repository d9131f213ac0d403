// Opens a link in the default browser. Both setups call it for `--open`.
import { execFile } from 'node:child_process';

/** Ignores errors, because setup also prints the link. */
export function openLink(link: string): void {
  const openers = { darwin: 'open', win32: 'explorer' } as const;
  const opener =
    process.platform === 'darwin' || process.platform === 'win32' ? openers[process.platform] : 'xdg-open';
  execFile(opener, [link], () => {});
}
