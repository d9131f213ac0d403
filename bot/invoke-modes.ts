// Lambda handlers for the two invoke modes of a Function URL; `dependencies.ts` chooses one. With `streamed`, Slack
// gets the answer as soon as a listener calls `ack`, and the listener continues. With `buffered`, Slack gets the answer
// only when the listener has finished.
import type { APIGatewayProxyStructuredResultV2, LambdaFunctionURLEvent, StreamifyHandler } from 'aws-lambda';

export type Answer = APIGatewayProxyStructuredResultV2;

/** Handles one request. Calls `reply` once, as soon as the answer is known, and resolves when all work is done. */
export type Receive = (event: LambdaFunctionURLEvent, reply: (answer: Answer) => void) => Promise<void>;

export type BufferedHandler = (event: LambdaFunctionURLEvent) => Promise<Answer>;

export function buffered(receive: Receive): BufferedHandler {
  return async (event) => {
    let response: Answer = { statusCode: 500 };
    await receive(event, (answer) => {
      response = answer;
    });
    return response;
  };
}

/** Lambda keeps the execution environment running until the promise resolves, so a listener can work after `reply`. */
export function streamed(receive: Receive): StreamifyHandler<LambdaFunctionURLEvent, void> {
  return awslambda.streamifyResponse<LambdaFunctionURLEvent>((event, stream) =>
    receive(event, ({ statusCode, headers = {}, body = '' }) => {
      const response = awslambda.HttpResponseStream.from(stream, { statusCode, headers });
      // The first write sends the status, even if the write is empty. Without a write, the status is never sent.
      response.write(body);
      response.end();
    }),
  );
}
