import { describe, expect, it } from 'vitest';
import { truncate } from '../../../slack/views/limits.ts';
import { dayAndTime, mention, escapeMrkdwn, time } from '../../../slack/views/mrkdwn.ts';

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
    expect(time('2026-11-02T10:05:59.000Z')).toBe('<!date^1793613959^{time}|10:05 UTC>');
    expect(dayAndTime('2026-11-02T10:05:59.000Z')).toBe(
      '<!date^1793613959^{date_short_pretty} at {time}|2026-11-02 10:05 UTC>',
    );
  });

  it.each([
    ['short', 5, 'short'],
    ['longer', 5, 'long…'],
    ['abc&amp;def', 6, 'abc…'],
    ['ab🚀cd', 4, 'ab…'],
  ])(
    'truncates %o to %d characters with an ellipsis, and splits no entity and no character',
    (text, most, shown) => {
      expect(truncate(text, most)).toBe(shown);
    },
  );
});
