// Names that were replaced by standard terms must not come back: docs/reference/glossary.md has the terms. The list is closed,
// and holds distinctive names only; whether a common word is the right one, a reader judges.
import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const REPLACED = `
  orPutBack PutBack putBackIntoQueue put_back put-back secondsToWait waitingInTurn inTurn NotYet holdBack paceTable
  pace-table eachRecord LONGEST_RECORD keepWatch KeepWatch keep-watch NotAllWatched watch_broken_off not_watched dueAt AT_ONCE
  putOff climbLadder climb-ladder dueRung nextRung claimRung releaseRung recordRung rungReply rung_climbed countersign_rung
  ladderLine ladderOf LADDER endingsTable endings-table BeingTold claimTelling releaseTelling recordTold recordToldAnew settleAll
  endingMessage TELLING_TAKES POSTING_TAKES CLIMBING_TAKES standsFor unfitness membersOf MEMBERS_FRESH MEMBERS_HOLD
  lookUpMembers look-up-members recordMembers membersAt takeBack take_back MOVED_BY asRead unlessRefused Resumable handOver
  setAside recordAgain asBefore mayAskAgain askAgainButton ask_again refusedBySlack surelyRefused isWhole whole-request quickStart
  quick-start showApproval findPosted find-posted BeingPosted standingsList standings-list proposalText AskPeople speaksToSlack
  PATIENCE Unusable tellFindings driveBack untilQuiet withoutLine openWire playCells carryOut doings keepNothing relent
  NotOurs PerhapsRedriven result_told result_not_ours
`
  .trim()
  .split(/\s+/);

const files = globSync([
  '{bot,functions,slack,aws,domain,stack,cli,local,fault-injection,bench,conformance,examples,test}/**/*.{ts,js,json,yml}',
  '*.{json,yml,ts}',
  '{README,CONTRIBUTING,SECURITY}.md',
  'docs/**/*.md',
]).filter((file) => !/package-lock\.json|vocabulary\.test\.ts|docs\/pictures/.test(file));

/** A name in code has no letter, digit or underscore on either side. */
const replaced = new RegExp(`(?<![\\w-])(${REPLACED.join('|')})(?![\\w-])`, 'g');

it('no replaced name has come back', () => {
  const found = files.flatMap((file) =>
    [...new Set(readFileSync(file, 'utf8').match(replaced))].map((name) => `${file}: ${name}`),
  );
  expect(found).toEqual([]);
});
