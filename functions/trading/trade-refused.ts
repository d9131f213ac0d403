// The error of a trade that is refused before people are asked. Check Stock Price and Pre-Trade Check throw it.

/** The message is for the requester. The state machine catches the error by its name, and reports the trade as refused. */
export class TradeRefused extends Error {
  override readonly name = 'TradeRefused';
}
