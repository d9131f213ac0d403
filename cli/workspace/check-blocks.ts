// Asks Slack whether it accepts the blocks of this app, without a message. Slack introduces new blocks workspace by workspace.
import type { WebClient } from '@slack/web-api';
import { chartBlock } from '../../slack/views/chart.ts';
import { context, fieldSection, header, section } from '../../slack/views/section.ts';
import type { Found } from '../check.ts';

const chart = chartBlock({
  title: 'Example',
  labels: ['09:57', '10:00'],
  series: [{ name: 'Example', values: [1, 2] }],
});
const button = { type: 'button' as const, text: { type: 'plain_text' as const, text: 'Approve' } };

/** As in the message of a request. */
const blocks = [
  header('Example'),
  section('Example'),
  fieldSection(['*Total*\nUSD 1.00']),
  { type: 'actions' as const, elements: [{ ...button, action_id: 'approve', style: 'primary' as const }] },
  chart,
  context('Example'),
];

/** @returns a note if only charts are refused, because messages are then posted without them */
export async function checkBlocks(slack: WebClient): Promise<Found> {
  const pointers = await refusedPointers(slack);
  if (pointers.length === 0) return 'accepted';
  if (pointers.every((pointer) => pointer.startsWith(`/${blocks.indexOf(chart)}/`)))
    return {
      found: 'accepted, except charts',
      note: 'This workspace does not have charts yet. Messages have all facts, and no chart.',
    };
  return {
    found: `refused at ${pointers.join(', ')}`,
    remedy: 'Report this as a bug of Countersign, with this line.',
  };
}

/** JSON pointers to the parts that Slack refuses: https://docs.slack.dev/reference/methods/blocks.validate */
async function refusedPointers(slack: WebClient): Promise<readonly string[]> {
  try {
    await slack.blocks.validate({ blocks });
    return [];
  } catch (error) {
    const data = error instanceof Error && 'data' in error ? error.data : undefined;
    const { errors = [] } = { ...(data as { readonly errors?: readonly { readonly pointer?: string }[] }) };
    if (errors.length === 0) throw error;
    return errors.map(({ pointer = '' }) => pointer);
  }
}
