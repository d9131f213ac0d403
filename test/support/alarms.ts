// Evaluates the alarms of the synthesised stack against the local world: metric filters against the log lines of the
// functions, and the metric Invocations against their runs. The stories about alarms call it.
import { synthesised, resourcesOf } from './template.ts';
import type { TradingDesk } from './trading-desk.ts';

/** Of every alarm of the stack, in milliseconds. */
const PERIOD = 5 * 60_000;

interface Alarm {
  readonly name: string;
  readonly periods: number;
  /** Whether the events of one period breach the threshold. */
  readonly breaches: (events: TradingDesk['events']) => boolean;
}

export interface WatchedAlarms {
  /** Advances the clock by whole periods, and evaluates the alarms after each. */
  advance(minutes: number): Promise<void>;
  /** Names of the alarms that fired since the start, without `countersign-dev-`, in alphabetical order. */
  readonly fired: () => readonly string[];
}

/** Evaluates the alarms whose metrics the local world has. It has no ages of messages. */
export function watchAlarms({ cloud, events }: Pick<TradingDesk, 'cloud' | 'events'>): WatchedAlarms {
  const alarms = evaluable();
  const periods: boolean[][] = alarms.map(() => []);
  const fired = new Set<string>();
  let seen = events.length;
  return {
    async advance(minutes) {
      for (let at = 0; at < minutes * 60_000; at += PERIOD) {
        await cloud.advance(PERIOD);
        const period = events.slice(seen);
        seen = events.length;
        for (const [index, alarm] of alarms.entries()) {
          const own = periods[index] ?? [];
          own.push(alarm.breaches(period));
          const last = own.slice(-alarm.periods);
          if (last.length === alarm.periods && last.every(Boolean)) fired.add(alarm.name);
        }
      }
    },
    fired: () => [...fired].toSorted(),
  };
}

/** The alarms on log events, and on the invocations of a function. */
function evaluable(): readonly Alarm[] {
  const template = synthesised();
  const filters = resourcesOf(template, 'AWS::Logs::MetricFilter');
  const functions = resourcesOf(template, 'AWS::Lambda::Function');
  return resourcesOf(template, 'AWS::CloudWatch::Alarm').flatMap(({ Properties: alarm }) => {
    const name = String(alarm['AlarmName']).replace('countersign-dev-', '');
    const periods = Number(alarm['EvaluationPeriods']);
    if (alarm['Period'] !== PERIOD / 1_000) throw new Error(`${name} has another period.`);
    if (alarm['MetricName'] === 'Invocations') {
      const id = alarm['Dimensions'][0].Value.Ref;
      const runs = (events: TradingDesk['events']) =>
        events.filter((each) => each.event === 'function_invoked' && String(each['function']).endsWith(id));
      if (alarm['ComparisonOperator'] !== 'LessThanThreshold' || alarm['TreatMissingData'] !== 'breaching')
        throw new Error(`${name} is evaluated in another way.`);
      return { name, periods, breaches: (events) => runs(events).length < alarm['Threshold'] };
    }
    const own = filters.filter(({ Properties }) => {
      const [{ MetricName, MetricNamespace }] = Properties['MetricTransformations'];
      return MetricName === alarm['MetricName'] && MetricNamespace === alarm['Namespace'];
    });
    if (own.length === 0) return [];
    const sources = own.map(({ Properties: filter }) => ({
      matches: filterPattern(filter['FilterPattern']),
      id: functions.find(
        ({ Properties }) => Properties['LoggingConfig'].LogGroup.Ref === filter['LogGroupName'].Ref,
      )?.id,
    }));
    const lines = (events: TradingDesk['events']) =>
      events.filter(
        (each) =>
          each.event === 'function_logged' &&
          sources.some(
            ({ matches, id }) => id && String(each['function']).endsWith(id) && matches(String(each['line'])),
          ),
      );
    return { name, periods, breaches: (events) => lines(events).length >= alarm['Threshold'] };
  });
}

/**
 * A filter pattern for JSON, as CDK writes it: comparisons, joined by `&&` or `||`.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForMetricFilters.html
 * @throws Error if the pattern uses anything else
 */
export function filterPattern(pattern: string): (line: string) => boolean {
  const [, expression = ''] = /^\{ (.*) \}$/.exec(pattern) ?? [];
  const [any, all] = [expression.split(' || '), expression.split(' && ')];
  const terms = (any.length > 1 ? any : all).map((term) => comparison(term.replace(/^\((.*)\)$/, '$1')));
  return (line) => {
    const fields = parsed(line);
    if (!fields) return false;
    return any.length > 1 ? terms.some((term) => term(fields)) : terms.every((term) => term(fields));
  };
}

type Fields = Readonly<Record<string, unknown>>;

function comparison(term: string): (fields: Fields) => boolean {
  const [, name = '', operator = '', value = ''] = /^\$\.(\w+) (=|>=|>|IS) (.+)$/.exec(term) ?? [];
  const text = /^"(.*)"$/.exec(value)?.[1];
  if (operator === '=' && text === '*') return (fields) => fields[name] !== undefined;
  if (operator === '=' && text !== undefined) return (fields) => fields[name] === text;
  if (operator === 'IS' && value === 'FALSE') return (fields) => fields[name] === false;
  const isNumber = (fields: Fields) => typeof fields[name] === 'number';
  if (operator === '>') return (fields) => isNumber(fields) && Number(fields[name]) > Number(value);
  if (operator === '>=') return (fields) => isNumber(fields) && Number(fields[name]) >= Number(value);
  throw new Error(`The filter pattern has an unsupported term: ${term}`);
}

function parsed(line: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
