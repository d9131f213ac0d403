// The emoji names this Slack shows as signs; any other name stays as it was written.
// Used by `mrkdwn.js` and for plain text by `text.js`.

export const emoji = Object.assign(Object.create(null), {
  alarm_clock: '⏰',
  arrow_down: '⬇️',
  arrow_up: '⬆️',
  ballot_box_with_check: '☑️',
  bell: '🔔',
  chart_with_downwards_trend: '📉',
  chart_with_upwards_trend: '📈',
  clock3: '🕒',
  eyes: '👀',
  hourglass: '⌛',
  hourglass_flowing_sand: '⏳',
  information_source: 'ℹ️',
  lock: '🔒',
  moneybag: '💰',
  no_entry: '⛔',
  no_entry_sign: '🚫',
  octagonal_sign: '🛑',
  rotating_light: '🚨',
  speech_balloon: '💬',
  stopwatch: '⏱️',
  tada: '🎉',
  thumbsdown: '👎',
  thumbsup: '👍',
  warning: '⚠️',
  wave: '👋',
  white_check_mark: '✅',
  x: '❌',
});

export const withEmoji = (text) =>
  text.replaceAll(/:([a-z0-9_+-]+):/g, (whole, name) => emoji[name] ?? whole);
