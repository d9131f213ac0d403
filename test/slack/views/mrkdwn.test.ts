import { describe, expect, it } from 'vitest';
import { truncate } from '../../../slack/views/limits.ts';
import { escapeMrkdwn, formatList, mention, time } from '../../../slack/views/mrkdwn.ts';

describe('mrkdwn', () => {
  it.each([
    ['AT&T <https://evil.example|bank>', 'AT&amp;T &lt;https://evil.example|bank&gt;'],
    ['<!channel> <!here> <@U0BEN> <#C0X>', '&lt;!channel&gt; &lt;!here&gt; &lt;@U0BEN&gt; &lt;#C0X&gt;'],
    ['*bold* _italic_ ~gone~ `code`', '∗bold∗ ˍitalicˍ ∼gone∼ ˋcodeˋ'],
    ['10:05 :white_check_mark: Approved', '10:05 :\u200Bwhiteˍcheckˍmark: Approved'],
    ['\u202Edesrever\u2069', 'desrever'],
    ['half a pair: \ud83d', 'half a pair: \ufffd'],
    ['USD 1,822.00, 1.40 % below', 'USD\u00A01,822.00, 1.40\u00A0% below'],
    ['Żółć 🚀', 'Żółć 🚀'],
    ['Buy\n✅ *Approved*\r\nby Ben', 'Buy ✅ ∗Approved∗ by Ben'],
    ['one\u2028two\u2029three\u0085four', 'one two three four'],
  ])('escapes %o', (text, shown) => {
    expect(escapeMrkdwn(text)).toBe(shown);
  });

  it('formats mentions of people and groups, and times in the zone of the reader with a fallback', () => {
    expect(mention('U0BEN')).toBe('<@U0BEN>');
    expect(mention('W0BEN')).toBe('<@W0BEN>');
    expect(mention('S0TEAM')).toBe('<!subteam^S0TEAM>');
    expect(time('2026-11-02T10:05:59.000Z')).toBe(
      '<!date^1793613959^{time} {date_short_pretty}|2026-11-02 10:05 UTC>',
    );
  });

  it('names at most ten people in a list, and counts the others', () => {
    const names = Array.from({ length: 50 }, (_, index) => `P${index}`);
    expect(formatList(names, 'and')).toBe('P0, P1, P2, P3, P4, P5, P6, P7, P8, P9 and 40 more');
    expect(formatList(names.slice(0, 10), 'or')).toBe('P0, P1, P2, P3, P4, P5, P6, P7, P8 or P9');
    expect(formatList([], 'or')).toBe('nobody');
  });

  it.each([
    ['short', 5, 'short'],
    ['longer', 5, 'long…'],
    ['abc&amp;def', 6, 'abc…'],
    ['ab🚀cd', 4, 'ab…'],
    ['for <@U0BEN> and', 9, 'for …'],
    ['by <!date^1793613959^{time}|10:05 UTC>', 30, 'by …'],
    ['<https://example.com/p1|Message> and', 34, '<https://example.com/p1|Message> …'],
  ])(
    'truncates %o to %d characters with an ellipsis, and splits no entity, character, mention, link or time',
    (text, most, shown) => {
      expect(truncate(text, most)).toBe(shown);
    },
  );
});
