// The log events that raise an alarm, as patterns of metric filters. `Alarms` creates a filter and an alarm for each.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForMetricFilters.html
import { FilterPattern, type JsonPattern } from 'aws-cdk-lib/aws-logs';

export interface LogAlarm {
  readonly pattern: JsonPattern;
  /** Number of periods of five minutes in a row that must have such an event. By default 1. */
  readonly periods?: number;
}

/** @param name of a log event: `request_refused` */
export function onEvent(name: string): LogAlarm {
  return { pattern: FilterPattern.stringValue('$.event', '=', name) };
}

/** An outage shorter than this needs no operator: it delays requests by no more than their usual deadline. */
const STALLED_AFTER_SECONDS = 900;

/** An old message is requeued, and does not wait for a rate limit, which may take as long. */
export const STALLED: LogAlarm = {
  pattern: FilterPattern.all(
    FilterPattern.stringValue('$.event', '=', 'message_requeued'),
    FilterPattern.booleanValue('$.rateLimited', false),
    FilterPattern.numberValue('$.ageSeconds', '>', STALLED_AFTER_SECONDS),
  ),
};

/** Name of a function → its alarms, each with the log event that raises it. */
export const LOG_ALARMS: Readonly<Record<string, Readonly<Record<string, LogAlarm>>>> = {
  'request-approval': {
    'requests-refused': onEvent('request_refused'),
    // A request that always fails may expire before it is a dead letter.
    'requests-failing': onEvent('record_failed'),
    'requests-not-asked-in-time': onEvent('approval_not_asked_in_time'),
    'request-approval-stalled': STALLED,
  },
  'relay-result': {
    'results-refused': onEvent('result_refused'),
    'relay-result-audit-differs': onEvent('audit_entry_differs'),
    'relay-result-stalled': STALLED,
  },
  'report-failure': { 'report-failure-stalled': STALLED },
  reconciler: {
    repairs: onEvent('repaired'),
    'reconciler-audit-differs': onEvent('audit_entry_differs'),
    // The reconciler does not requeue: each run meets the same outage again, and logs it.
    'reconciler-stalled': { pattern: FilterPattern.stringValue('$.kind', '=', 'outage'), periods: 3 },
  },
};

export const SECRET_UNREADABLE = FilterPattern.any(
  FilterPattern.stringValue('$.error', '=', 'UnreadableSecret'),
  FilterPattern.stringValue('$.event', '=', 'secret_unreadable'),
);
