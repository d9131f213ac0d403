// Formats a time as Slack does, in the browser's zone: the tokens of <!date^…> and the times beside messages.
// Called by `text.js`, `messages.js` and `panel.js`; tests pass a zone.

const words = (options) => (moment, zone) =>
  new Intl.DateTimeFormat('en-US', { ...options, timeZone: zone }).format(moment);

const time = words({ hour: 'numeric', minute: '2-digit' });
const timeSeconds = words({ hour: 'numeric', minute: '2-digit', second: '2-digit' });
const short = words({ month: 'short', day: 'numeric', year: 'numeric' });
const weekday = words({ weekday: 'long' });
const year = words({ year: 'numeric' });
const dayNumber = words({ day: 'numeric' });
const monthName = words({ month: 'long' });

/** Returns a date such as `2014-02-18`. */
function isoDay(moment, zone) {
  return new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeZone: zone }).format(moment);
}

function ordinal(day) {
  const teen = day % 100 > 10 && day % 100 < 14;
  return `${day}${teen ? 'th' : (['th', 'st', 'nd', 'rd'][day % 10] ?? 'th')}`;
}

const monthDay = (moment, zone) => `${monthName(moment, zone)} ${ordinal(Number(dayNumber(moment, zone)))}`;
const long = (moment, zone) => `${weekday(moment, zone)}, ${monthDay(moment, zone)}, ${year(moment, zone)}`;
const plain = (moment, zone) => `${monthDay(moment, zone)}, ${year(moment, zone)}`;

/** Returns `today`, `yesterday` or `tomorrow` if that is right, else the date as `otherwise` formats it. */
function pretty(moment, zone, now, otherwise) {
  // Counted in days, because a day of 23 or 25 hours may lie between.
  const days = (Date.parse(isoDay(moment, zone)) - Date.parse(isoDay(now, zone))) / 86_400_000;
  return ['yesterday', 'today', 'tomorrow'][days + 1] ?? otherwise(moment, zone);
}

function ago(moment, now) {
  const seconds = Math.round((moment - now) / 1000);
  const [size, unit] = [
    [86_400, 'day'],
    [3_600, 'hour'],
    [60, 'minute'],
  ].find(([length]) => Math.abs(seconds) >= length) ?? [1, 'second'];
  return new Intl.RelativeTimeFormat('en-US').format(Math.trunc(seconds / size), unit);
}

// https://docs.slack.dev/messaging/formatting-message-text#date-formatting
const tokens = {
  date_num: isoDay,
  date: plain,
  date_short: short,
  date_long: long,
  date_pretty: (moment, zone, now) => pretty(moment, zone, now, plain),
  date_short_pretty: (moment, zone, now) => pretty(moment, zone, now, short),
  date_long_pretty: (moment, zone, now) => pretty(moment, zone, now, long),
  time,
  time_secs: timeSeconds,
  ago: (moment, zone, now) => ago(moment, now),
};

/** `unix` is in seconds, `now` in milliseconds. Undefined if the format has a token that Slack does not know. */
export function formatDate(unix, format, now, zone) {
  const names = [...format.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  if (!names.every((name) => Object.hasOwn(tokens, name))) return undefined;
  return format.replaceAll(/\{(\w+)\}/g, (_, name) =>
    tokens[name](unix * 1000, zone, now).replaceAll('\u202f', ' '),
  );
}
