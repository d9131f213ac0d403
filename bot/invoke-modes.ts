// How Slack's answer leaves a function: streamed it leaves as soon as a listener has acknowledged, and the listener goes
// on; buffered it leaves when the listener has ended. The entry chooses as the stack says.
import type { APIGatewayProxyStructuredResultV2, LambdaFunctionURLEvent, StreamifyHandler } from 'aws-lambda';

export type Answer = APIGatewayProxyStructuredResultV2;

/** Deals with one request: replies once, as soon as the answer is known, and ends when all that follows it is done. */
export type Receive = (event: LambdaFunctionURLEvent, reply: (answer: Answer) => void) => Promise<void>;

export type BufferedHandler = (event: LambdaFunctionURLEvent) => Promise<Answer>;

export function buffered(receive: Receive): BufferedHandler {
  return async (event) => {
    let given: Answer = { statusCode: 500 };
    await receive(event, (answer) => {
      given = answer;
    });
    return given;
  };
}

/** The runtime asks for the next event when the promise has ended, so what follows the answer still runs. */
export function streamed(receive: Receive): StreamifyHandler<LambdaFunctionURLEvent, void> {
  return awslambda.streamifyResponse<LambdaFunctionURLEvent>((event, stream) =>
    receive(event, ({ statusCode, headers = {}, body = '' }) => {
      const response = awslambda.HttpResponseStream.from(stream, { statusCode, headers });
      // The status goes out with the first write, an empty one too; without any it never does.
      response.write(body);
      response.end();
    }),
  );
}
