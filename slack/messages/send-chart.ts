// Sends a message that may have a chart. Slack introduces the block of charts workspace by workspace, so it may refuse it.
import type { View } from '../views/approval-message.ts';
import { refusedBlocks } from '../slack-errors.ts';

/** Sends the message again without its chart if Slack refused the chart and nothing else. */
export async function sendChart<T>(view: View, send: (view: View) => Promise<T>): Promise<T> {
  try {
    return await send(view);
  } catch (error) {
    const refused = refusedBlocks(error);
    const isChart = (index: number) => view.blocks[index]?.type === 'data_visualization';
    // Any other refusal is a bug of this app, and must be seen.
    if (refused.length === 0 || !refused.every(isChart)) throw error;
    return send({ ...view, blocks: view.blocks.filter((_block, index) => !isChart(index)) });
  }
}
