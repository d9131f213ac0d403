// Tests the times in messages as people read them: on another day, in another time zone, after a change of the clocks.
// The local Slack's page formats them as Slack does.
import { describe, expect, it } from 'vitest';
import { approvalMessage } from '../../../slack/views/approval-message.ts';
import { resultReply } from '../../../slack/views/result-reply.ts';
import { statusText } from '../../../slack/views/status-text.ts';
import { approval } from '../../support/approvals.ts';

// The page's own modules are plain JavaScript, so they come without types.
const { formatDate } = await import(new URL('../../../local/slack/page/dates.js', import.meta.url).href);

/** The text as a person reads it at that time, ISO 8601, in that zone. */
function read(text: string, at: string, zone: string): string {
  return text.replaceAll(/<!date\^(\d+)\^([^|]*)\|[^>]*>/g, (_, unix, format) =>
    String(formatDate(Number(unix), format, Date.parse(at), zone)),
  );
}

const asked = (askedAt: string, deadline: string) => statusText(approval({ askedAt, deadline })).sentence;

describe('the deadline', () => {
  const night = asked('2026-11-02T23:50:00.000Z', '2026-11-03T00:05:00.000Z');
  const days = asked('2026-11-02T10:00:00.000Z', '2026-11-05T10:00:00.000Z');
  // In New York the clocks go back on November 1, 2026, and forward on March 8, 2026; in Sydney forward on October 4.
  const autumn = asked('2026-11-01T03:30:00.000Z', '2026-11-02T04:30:00.000Z');
  const spring = asked('2026-03-08T04:30:00.000Z', '2026-03-09T03:30:00.000Z');

  it.each([
    ['ten minutes before midnight', night, '2026-11-02T23:50:00.000Z', 'UTC', '12:05 AM tomorrow'],
    ['after midnight', night, '2026-11-03T00:01:00.000Z', 'UTC', '12:05 AM today'],
    ['in New York', night, '2026-11-02T23:50:00.000Z', 'America/New_York', '7:05 PM today'],
    ['in Sydney', night, '2026-11-02T23:50:00.000Z', 'Australia/Sydney', '11:05 AM today'],
    ['for 72 hours', days, '2026-11-02T10:00:00.000Z', 'UTC', '10:00 AM Nov 5, 2026'],
    ['for 72 hours, two days later', days, '2026-11-04T10:00:00.000Z', 'UTC', '10:00 AM tomorrow'],
    [
      'for 72 hours, the evening before in New York',
      days,
      '2026-11-04T23:00:00.000Z',
      'America/New_York',
      '5:00 AM tomorrow',
    ],
    [
      'over the end of summer time',
      autumn,
      '2026-11-01T03:30:00.000Z',
      'America/New_York',
      '11:30 PM tomorrow',
    ],
    ['over its beginning', spring, '2026-03-08T04:30:00.000Z', 'America/New_York', '11:30 PM tomorrow'],
    ['in a week-old message', night, '2026-11-10T10:00:00.000Z', 'UTC', '12:05 AM Nov 3, 2026'],
  ])('has its day %s', (_, text, at, zone, words) => {
    expect(read(text, at, zone)).toBe(`Needs approval from <@U0BEN> or <@U0CHLOE> by ${words}.`);
  });
});

describe('a message', () => {
  it('shows no time without its day, and names the zone in each fallback', () => {
    const votes = { U0BEN: { at: '2026-11-02T23:55:00.000Z' } };
    const texts = [
      JSON.stringify(approvalMessage(approval({ votes, policy: { approvals: 2, approvers: ['S0RISK'] } }))),
      resultReply({ outcome: 'expired' }, approval({ votes })),
    ].join(' ');
    const dates = [...texts.matchAll(/<!date\^\d+\^([^|]*)\|([^>]*)>/g)];
    expect(dates.length).toBeGreaterThan(4);
    for (const [, format, fallback] of dates) {
      expect(format).toBe('{time} {date_short_pretty}');
      expect(fallback).toMatch(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2} UTC$/);
    }
    expect(texts.replaceAll(/<!date[^>]*>/g, '')).not.toMatch(/\d{1,2}:\d{2}/);
  });
});
