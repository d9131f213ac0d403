// Types of the modules of the local Slack's page that code outside a browser uses. The page is plain JavaScript.

declare module '*/page/mrkdwn.js' {
  /** A text, or a part with a meaning of its own: `kind` says which fields it has. */
  export type Node =
    | string
    | { readonly kind: 'bold' | 'italic' | 'strike' | 'quote'; readonly inside: readonly Node[] }
    | { readonly kind: 'code' | 'pre' | 'broadcast'; readonly text: string }
    | { readonly kind: 'person' | 'group' | 'channel'; readonly id: string; readonly label?: string }
    | { readonly kind: 'link'; readonly url: string; readonly label?: string }
    | {
        readonly kind: 'date';
        /** Seconds since 1970. */
        readonly unix: number;
        readonly format: string;
        readonly fallback?: string;
      };
  export function parseMrkdwn(text: string): readonly Node[];
}

declare module '*/page/dates.js' {
  /**
   * @param unix seconds since 1970
   * @param now milliseconds since 1970
   * @param zone such as `Europe/Berlin`; by default the machine's
   * @returns undefined if the format has a token that Slack does not know
   */
  export function formatDate(unix: number, format: string, now: number, zone?: string): string | undefined;
}

declare module '*/page/emoji.js' {
  /** Replaces codes such as `:x:` by emoji; an unknown code stays. */
  export function withEmoji(text: string): string;
}
