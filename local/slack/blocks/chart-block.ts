// The block `data_visualization`, of which the local Slack knows line charts. Slack accepts it in messages only, and at most
// two in each: https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block
import * as v from 'valibot';
import { list, optional, repeated, rule, text, typed } from './validators.ts';

const LINES = 6;
const POINTS = 20;
export const CHARTS_OF_A_MESSAGE = 2;

const title = text(50);
const label = text(20);

const lineChart = typed('line', {
  series: list(
    v.strictObject({
      name: label,
      data: list(v.strictObject({ label, value: v.pipe(v.number(), v.finite()) }), POINTS),
    }),
    LINES,
  ),
  axis_config: v.strictObject({
    categories: list(label, POINTS),
    x_label: optional(title),
    y_label: optional(title),
  }),
});

export const chartBlock = v.pipe(
  typed('data_visualization', {
    block_id: optional(text(255)),
    title,
    chart: v.variant('type', [lineChart]),
  }),
  rule(({ chart: { series, axis_config: axis } }) => [
    ...repeated(axis.categories).map((name) => [`categories must be unique: "${name}"`, 'chart'] as const),
    ...repeated(series.map(({ name }) => name)).map(
      (name) => [`series names must be unique: "${name}"`, 'chart'] as const,
    ),
    ...series
      .filter(({ data }) => data.map((point) => point.label).join('\n') !== axis.categories.join('\n'))
      .map(({ name }) => [`labels must match the categories: series "${name}"`, 'chart'] as const),
  ]),
);
