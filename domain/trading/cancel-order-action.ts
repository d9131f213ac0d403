// The Slack action id of the button Cancel order. The workflow publishes it with the progress of an order, and the bot
// listens to it.

export const cancelOrderAction = 'trade-cancel-order';
