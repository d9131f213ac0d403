// Compares the alarms of the synthesized template with the tables of docs/reference/metrics-and-alarms.md, in both directions:
// metric, threshold, period, number of periods, and the section of the runbook.
import { describe, expect, it } from 'vitest';
import { codeIn, tablesIn } from '../support/markdown.ts';
import { resourcesOf, synthesised } from '../support/template.ts';

const template = synthesised();
const filters = resourcesOf(template, 'AWS::Logs::MetricFilter').map(({ Properties }) => Properties);
const alarms = new Map(
  resourcesOf(template, 'AWS::CloudWatch::Alarm').map(({ Properties }) => [
    String(Properties['AlarmName']).replace('countersign-dev-', ''),
    Properties,
  ]),
);

type Row = Readonly<Record<string, string>>;

const documented: ReadonlyMap<string, Row> = new Map(
  tablesIn('docs/reference/metrics-and-alarms.md')
    .filter(({ columns }) => columns[0] === 'alarm')
    .flatMap(({ columns, heading, rows }) =>
      rows.map((row): readonly [string, Row] => {
        const cells: Row = Object.fromEntries(columns.map((column, index) => [column, row[index] ?? '']));
        return [codeIn(cells['alarm'] ?? '')[0] ?? '', { ...cells, heading }];
      }),
    ),
);

const NAMESPACES: Readonly<Record<string, string>> = {
  'AWS/SQS': 'Queues',
  'AWS/Lambda': 'Functions',
  'Countersign/dev': 'Log events',
};

/** The names and numbers of a filter's pattern: `{ $.kind = "outage" }` has `kind` and `outage`. */
function wordsOf(metricName: string): readonly string[] {
  const filter = filters.find(
    ({ MetricTransformations }) => MetricTransformations[0].MetricName === metricName,
  );
  return String(filter?.['FilterPattern'])
    .match(/\w{3,}/g)!
    .filter((word) => !['event', 'FALSE'].includes(word));
}

describe('alarms', () => {
  it('are all in the reference, and no others', () => {
    expect(alarms.size).toBeGreaterThan(50);
    expect([...documented.keys()].toSorted()).toEqual([...alarms.keys()].toSorted());
  });

  it.each([...alarms])('%s has its threshold and periods there', (name, alarm) => {
    const comparison = { GreaterThanOrEqualToThreshold: '≥', LessThanThreshold: '<' }[
      String(alarm['ComparisonOperator'])
    ];
    expect(documented.get(name)).toMatchObject({
      heading: NAMESPACES[alarm['Namespace']],
      threshold: `${comparison} ${alarm['Threshold']}`,
      period: String(alarm['Period']),
      periods: String(alarm['EvaluationPeriods']),
      meaning: expect.stringMatching(/\w/),
    });
    expect(alarm['Statistic']).toBe(alarm['Namespace'] === 'AWS/SQS' ? 'Maximum' : 'Sum');
    expect(alarm['TreatMissingData']).toBe(comparison === '<' ? 'breaching' : 'notBreaching');
  });

  const ofLogs = [...alarms].filter(([, { Namespace }]) => Namespace === 'Countersign/dev');
  const ofServices = [...alarms].filter(([, { Namespace }]) => Namespace !== 'Countersign/dev');

  it.each(ofServices)('%s has its metric there', (name, { MetricName }) => {
    expect(documented.get(name)?.['metric']).toBe(`\`${MetricName}\``);
  });

  it.each(ofLogs)('%s has there the events that it counts', (name, { MetricName }) => {
    expect(MetricName).toBe(name);
    const { events = '' } = documented.get(name) ?? {};
    expect(events.match(/\w{3,}/g)).toEqual(expect.arrayContaining([...wordsOf(name)]));
  });

  it.each([...alarms.keys()])('%s has the link to its section of the runbook there', (name) => {
    const { 'what to do': link = '' } = documented.get(name) ?? {};
    const [, section = '', anchor] =
      /^\[`…-([a-z-]+)`\]\(..\/operations\/runbook.md#-([a-z-]+)\)$/.exec(link) ?? [];
    expect(section).not.toBe('');
    expect(anchor).toBe(section);
    expect(name.endsWith(section)).toBe(true);
  });
});
