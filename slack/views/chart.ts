// The chart of a request. Slack draws it in messages only, not in modals or Home.
import type { Block } from '@slack/types';
import type { Chart } from '../../domain/request.ts';
import { limits, truncatePlain } from './limits.ts';
import { cleanText } from './mrkdwn.ts';

/** `@slack/types` lacks it: https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block */
export interface DataVisualizationBlock extends Block {
  readonly type: 'data_visualization';
  readonly title: string;
  readonly chart: {
    readonly type: 'line';
    readonly series: readonly {
      readonly name: string;
      readonly data: readonly { readonly label: string; readonly value: number }[];
    }[];
    readonly axis_config: { readonly categories: readonly string[]; readonly y_label?: string };
  };
}

export function chartBlock({ title, labels, series, unit }: Chart): DataVisualizationBlock {
  const categories = labels.map(shortLabel);
  return {
    type: 'data_visualization',
    title: shortTitle(title),
    chart: {
      type: 'line',
      series: series.map(({ name, values }) => ({
        name: shortLabel(name),
        data: categories.map((label, point) => ({ label, value: values[point] ?? 0 })),
      })),
      axis_config: { categories, ...(unit === undefined ? {} : { y_label: shortTitle(unit) }) },
    },
  };
}

// A cleaned text may be longer than the one that the contract accepted.
const shortTitle = (text: string) => truncatePlain(cleanText(text), limits.chartTitle);
const shortLabel = (text: string) => truncatePlain(cleanText(text), limits.chartLabel);
