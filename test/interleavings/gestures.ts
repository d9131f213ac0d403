// Everything that may happen to an approval, as data that fast-check generates, shrinks and prints: actions of people,
// time, and failures. Used in this process and through the local cloud.
import * as fc from 'fast-check';
import type { Button, Shown } from './presses.ts';
import type { QueueName } from './queues.ts';
import type { Failure } from './slack.ts';
import { ANA, BEN, CHLOE, DANA, EVE, FRAN, type Setting } from './trade.ts';

export type Happening =
  /** Time passes: so many seconds, or until so many before the deadline. */
  | { readonly seconds: number; readonly of: 'now' | 'deadline' }
  | { readonly who: string; readonly button: Button; readonly twice: boolean; readonly shown: Shown }
  /** These are in the user group from now on; where it is `seen`, the members are refreshed. */
  | { readonly group: readonly string[]; readonly seen: boolean }
  /** A queue delivers again what it delivered last. */
  | { readonly again: QueueName }
  | { readonly stop: true }
  /** The workflow publishes an amendment, as often as it says. */
  | { readonly amends: number }
  /** Types `/trade cancel`, and submits the modal that opens. */
  | { readonly cancels: string }
  /** Is out from now on, with somebody in their place perhaps, or is back; where it is `seen`, the watch comes by. */
  | {
      readonly away: string;
      readonly back: boolean;
      readonly delegate: string | undefined;
      readonly seen: boolean;
    }
  /** The next call of this method, or of SendTaskSuccess, fails so. */
  | { readonly fails: string; readonly how: Failure }
  /** One of what runs ends in the middle. */
  | { readonly dies: number };

export interface Gesture {
  readonly what: Happening;
  /** Whether it happens only once all before it is done. */
  readonly waits: boolean;
}

/** Records that print as they are written. */
const plain = <Fields>(fields: { [Name in keyof Fields]: fc.Arbitrary<Fields[Name]> }) =>
  fc.record(fields, { noNullPrototype: true });

export const setting: fc.Arbitrary<Setting> = plain({
  approvals: fc.constantFrom(2, 1, 2, 3),
  requester: fc.constantFrom(ANA, undefined, BEN),
  timeoutSeconds: fc.constantFrom(900, 3_600),
  looked: fc.constantFrom(true, true, true, false),
});

const approvers = [BEN, CHLOE, DANA];
const anybody = fc.constantFrom(...approvers, ...approvers, ...approvers, ANA, EVE);
const press = (button: Button) =>
  plain({
    who: anybody,
    button: fc.constant(button),
    twice: fc.constantFrom(false, false, false, true),
    shown: fc.constantFrom<Shown>('first', 'first', 'first', 'changed', 'changed', 'none'),
  });

const time = fc.constantFrom<Happening>(
  { seconds: 1, of: 'now' },
  { seconds: 6, of: 'now' },
  { seconds: 61, of: 'now' },
  { seconds: 300, of: 'now' },
  { seconds: 440, of: 'deadline' },
  { seconds: 220, of: 'deadline' },
  { seconds: 5, of: 'deadline' },
  { seconds: 6, of: 'deadline' },
  { seconds: 0, of: 'deadline' },
);
const group = plain({
  group: fc.uniqueArray(fc.constantFrom(...approvers, ANA, EVE), { maxLength: 5 }),
  seen: fc.constantFrom(true, true, false),
});
const away = plain({
  away: fc.constantFrom(...approvers),
  back: fc.constantFrom(false, false, true),
  delegate: fc.constantFrom(DANA, FRAN, ANA, BEN, undefined),
  seen: fc.constantFrom(true, true, false),
});
const calm = [
  { weight: 2, arbitrary: time },
  { weight: 12, arbitrary: press('approve') },
  { weight: 4, arbitrary: press('undo_approval') },
  { weight: 2, arbitrary: press('decline') },
  { weight: 1, arbitrary: press('resubmit') },
  { weight: 2, arbitrary: group },
  { weight: 2, arbitrary: plain({ again: fc.constantFrom('requests', 'results') }) },
  { weight: 1, arbitrary: fc.constant<Happening>({ stop: true }) },
  { weight: 2, arbitrary: plain({ amends: fc.constantFrom(1, 1, 2) }) },
  { weight: 1, arbitrary: plain({ cancels: anybody }) },
  { weight: 2, arbitrary: away },
] as const;

const failure = fc.constantFrom<Happening>(
  ...(['refused', 'limited', 'lost'] as const).map((how) => ({ fails: 'chat.update', how })),
  ...(['refused', 'lost'] as const).map((how) => ({ fails: 'SendTaskSuccess', how })),
  ...(['refused', 'limited'] as const).map((how) => ({ fails: 'chat.postMessage', how })),
  ...['views.open', 'views.update', 'usergroups.users.list', 'users.info', 'chat.getPermalink'].map(
    (fails): Happening => ({ fails, how: 'refused' }),
  ),
);
const rough = [
  ...calm,
  { weight: 4, arbitrary: failure },
  { weight: 3, arbitrary: plain({ dies: fc.nat({ max: 3 }) }) },
];

const series = (...happenings: readonly { weight: number; arbitrary: fc.Arbitrary<Happening> }[]) =>
  fc.array(
    plain({
      what: fc.oneof({ withCrossShrink: true }, ...happenings),
      waits: fc.constantFrom(true, false, false),
    }),
    { minLength: 4, maxLength: 10, size: 'max' },
  );

/** Half of the series in which all goes well but for people: there the checks ask more. */
export const gestures: fc.Arbitrary<readonly Gesture[]> = fc.oneof(series(...calm), series(...rough));

/** Whose turn it is, one number a turn; when there are no more, the call that waits longest is next. */
export const choices: fc.Arbitrary<readonly number[]> = fc.array(fc.nat({ max: 7 }), {
  maxLength: 100,
  size: 'max',
});
