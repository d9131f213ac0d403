// Tests how the page parses Slack's mrkdwn and formats dates. The browser tests check how these are shown.
import { describe, expect, it } from 'vitest';

// The page's own modules are plain JavaScript, so they come without types.
const page = (file: string) => import(new URL(`../../../../local/slack/page/${file}`, import.meta.url).href);
const { parseMrkdwn } = await page('mrkdwn.js');
const { formatDate } = await page('dates.js');

describe('page text', () => {
  it.for<[string, unknown[]]>([
    ['plain', ['plain']],
    ['*bold* and _it_', [{ kind: 'bold', inside: ['bold'] }, ' and ', { kind: 'italic', inside: ['it'] }]],
    [
      '*a _b_ ~c~*',
      [
        {
          kind: 'bold',
          inside: ['a ', { kind: 'italic', inside: ['b'] }, ' ', { kind: 'strike', inside: ['c'] }],
        },
      ],
    ],
    ['2*3*4 and snake_case_name', ['2*3*4 and snake_case_name']],
    ['a * b * c', ['a * b * c']],
    ['`*no* &lt;b&gt;`', [{ kind: 'code', text: '*no* <b>' }]],
    ['a\n```\nx *y*\n```\nb', ['a\n', { kind: 'pre', text: 'x *y*' }, '\nb']],
    ['&gt; one\n> two\nthree', [{ kind: 'quote', inside: ['one\ntwo'] }, 'three']],
    ['&lt;b&gt; &amp;lt;', ['<b> &lt;']],
    ['<b onclick="x">', ['<b onclick="x">']],
    [
      '<https://a.example/?x=1&amp;y=2|a &amp; b>',
      [{ kind: 'link', url: 'https://a.example/?x=1&y=2', label: 'a & b' }],
    ],
    ['<javascript:alert(1)|click>', ['<javascript:alert(1)|click>']],
    [
      '<@U0ANA> <#C0TRADING|x>',
      [
        { kind: 'person', id: 'U0ANA', label: undefined },
        ' ',
        { kind: 'channel', id: 'C0TRADING', label: 'x' },
      ],
    ],
    [
      '<!subteam^S0RISK> <!subteam^S0OPS|@ops>',
      [{ kind: 'group', id: 'S0RISK', label: undefined }, ' ', { kind: 'group', id: 'S0OPS', label: '@ops' }],
    ],
    [
      '<!here> <!channel>',
      [{ kind: 'broadcast', text: '@here' }, ' ', { kind: 'broadcast', text: '@channel' }],
    ],
    [':x: :made_up: :constructor:', ['❌', ' ', ':made_up:', ' ', ':constructor:']],
    [
      '<!date^1392734382^{date} at {time}^https://a.example/|Feb 18>',
      [
        {
          kind: 'date',
          unix: 1392734382,
          format: '{date} at {time}',
          url: 'https://a.example/',
          fallback: 'Feb 18',
        },
      ],
    ],
    ['<!date^99999999999999^{date}|never>', ['never']],
  ])('parses %j', ([text, nodes]) => {
    expect(parseMrkdwn(text)).toEqual(nodes);
  });

  const moment = 1392734382; // 18 February 2014, 14:39:42 UTC
  const later = (seconds: number) => (moment + seconds) * 1000;

  it.for<[string, number, string]>([
    ['{date_num}', 0, '2014-02-18'],
    ['{date}', 0, 'February 18th, 2014'],
    ['{date_short}', 0, 'Feb 18, 2014'],
    ['{date_long}', 0, 'Tuesday, February 18th, 2014'],
    ['{date_pretty}', 0, 'today'],
    ['{date_short_pretty}', 86_400, 'yesterday'],
    ['{date_long_pretty}', -86_400, 'tomorrow'],
    ['{date_pretty}', 3 * 86_400, 'February 18th, 2014'],
    ['{time}', 0, '2:39 PM'],
    ['until {time_secs}', 0, 'until 2:39:42 PM'],
    ['{ago}', 180, '3 minutes ago'],
    ['{ago}', -2 * 3_600, 'in 2 hours'],
  ])('formats %s, %i seconds later, as %s', ([format, seconds, words]) => {
    expect(formatDate(moment, format, later(seconds), 'UTC')).toBe(words);
  });

  it('formats a date in the zone of the reader, and not with an unknown token', () => {
    expect(formatDate(moment, '{date_num} {time}', later(0), 'Asia/Tokyo')).toBe('2014-02-18 11:39 PM');
    expect(formatDate(moment, '{date_pretty}', later(5 * 3_600), 'Asia/Tokyo')).toBe('yesterday');
    expect(formatDate(moment, '{era}', later(0), 'UTC')).toBeUndefined();
  });
});
