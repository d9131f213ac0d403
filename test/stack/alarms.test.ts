// Tests the alarms of the synthesised stack, and that the operating guide has a section for each.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { resourcesOf, synthesised } from '../support/template.ts';

const template = synthesised();
const alarms = resourcesOf(template, 'AWS::CloudWatch::Alarm').map(({ Properties }) => Properties);
const nameOf = ({ AlarmName }: Record<string, unknown>) => String(AlarmName).replace('countersign-dev-', '');
const named = (name: string) => alarms.find((alarm) => nameOf(alarm) === name);
const patternsOf = (name: string) =>
  resourcesOf(template, 'AWS::Logs::MetricFilter')
    .map(({ Properties }) => Properties)
    .filter(({ MetricTransformations }) => MetricTransformations[0].MetricName === name)
    .map(({ FilterPattern, LogGroupName }) => [LogGroupName.Ref.replace(/[0-9A-F]{8}$/, ''), FilterPattern]);

describe('alarms', () => {
  it('are these', () => {
    expect(alarms.map(nameOf).toSorted()).toMatchSnapshot();
  });

  it('publish to the topic, and say where the guide is', () => {
    for (const alarm of alarms) {
      expect(alarm['AlarmActions']).toHaveLength(1);
      expect(alarm['AlarmDescription']).toMatch(/What to do: docs\/operations\/runbook.md$/);
    }
  });

  it('fire at the first breach and treat missing data as good, except those of the next tests', () => {
    const others = alarms.filter((alarm) => !/-(not-delivered|not-running|stalled)$/.test(nameOf(alarm)));
    expect(others.length).toBeGreaterThan(30);
    for (const alarm of others)
      expect(alarm).toMatchObject({
        Threshold: 1,
        EvaluationPeriods: 1,
        Period: 300,
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        TreatMissingData: 'notBreaching',
      });
  });

  it.each(['request-approval', 'relay-result', 'report-failure'])(
    'fire if %s requeues a message after a quarter of an hour, but not for the rate limit',
    (name) => {
      expect(named(`${name}-stalled`)).toMatchObject({
        Threshold: 1,
        EvaluationPeriods: 1,
        TreatMissingData: 'notBreaching',
      });
      const [[, pattern] = []] = patternsOf(`${name}-stalled`);
      expect(pattern).toBe(
        '{ ($.event = "message_requeued") && ($.rateLimited IS FALSE) && ($.ageSeconds > 900) }',
      );
    },
  );

  it('fire if the reconciler meets an outage in three periods in a row', () => {
    expect(named('reconciler-stalled')).toMatchObject({ Threshold: 1, EvaluationPeriods: 3, Period: 300 });
    expect(patternsOf('reconciler-stalled')).toEqual([
      ['SlackApprovalsReconcilerLog', '{ $.kind = "outage" }'],
    ]);
  });

  it('fire if a request could not be asked in time', () => {
    expect(patternsOf('requests-not-asked-in-time')).toEqual([
      ['SlackApprovalsRequestApprovalLog', '{ $.event = "approval_not_asked_in_time" }'],
    ]);
  });

  it.each(['requests', 'relayed-results', 'failures', 'reconcile'])(
    'fire if a message of %s is older than any that is delayed, retried and dead-lettered',
    (name) => {
      const alarm = named(`${name}-not-delivered`);
      const queue = resourcesOf(template, 'AWS::SQS::Queue').find(
        ({ id }) => id === alarm?.['Dimensions'][0].Value['Fn::GetAtt'][0],
      );
      const { RedrivePolicy, VisibilityTimeout } = queue?.Properties ?? {};
      const maxDelay = name === 'reconcile' ? 0 : 900;
      const oldest = maxDelay + RedrivePolicy.maxReceiveCount * VisibilityTimeout;
      expect(alarm).toMatchObject({
        MetricName: 'ApproximateAgeOfOldestMessage',
        Statistic: 'Maximum',
        Threshold: oldest + 300,
        EvaluationPeriods: 1,
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        TreatMissingData: 'notBreaching',
      });
    },
  );

  it('fire if the reconciler does not run', () => {
    const alarm = named('reconciler-not-running');
    expect(alarm).toMatchObject({
      Namespace: 'AWS/Lambda',
      MetricName: 'Invocations',
      Statistic: 'Sum',
      Threshold: 1,
      EvaluationPeriods: 2,
      Period: 300,
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
    });
    expect(alarm?.['Dimensions'][0].Value.Ref).toMatch(/^SlackApprovalsReconciler[0-9A-F]{8}$/);
  });

  it('are as many as the documents say when they name the cost', () => {
    for (const file of ['README.md', 'docs/guides/deploy-aws.md'])
      expect(readFileSync(file, 'utf8')).toContain(`${alarms.length} alarms (USD 0.10 each)`);
  });

  it('have one section each in the operating guide, and the guide has no others', () => {
    const guide = readFileSync('docs/operations/runbook.md', 'utf8');
    const sections = [...guide.matchAll(/^## `…-([a-z-]+)`$/gm)].map(([, section = '']) => section);
    const ofAlarm = (name: string) => sections.filter((section) => name.endsWith(section));
    for (const alarm of alarms)
      expect([nameOf(alarm), ofAlarm(nameOf(alarm)).length]).toEqual([nameOf(alarm), 1]);
    for (const section of sections)
      expect([section, alarms.some((alarm) => nameOf(alarm).endsWith(section))]).toEqual([section, true]);
  });
});
