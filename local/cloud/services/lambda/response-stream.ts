// The streaming API that Lambda's runtime gives to handlers: the global `awslambda`, and the stream that a handler
// writes to. `lambda-worker.ts` imports it. The API follows the runtime:
// https://github.com/aws/aws-lambda-nodejs-runtime-interface-client
import { Writable } from 'node:stream';
import { DELIMITER } from './worker-messages.ts';

export type StreamingHandler = (event: unknown, stream: Writable, context: object) => Promise<unknown>;

const streaming = new WeakSet();
/** The status and headers of a stream, sent with the first write. */
const preludes = new WeakMap<Writable, object>();

Object.assign(globalThis, {
  awslambda: {
    streamifyResponse(handler: StreamingHandler): StreamingHandler {
      streaming.add(handler);
      return handler;
    },
    HttpResponseStream: {
      from(stream: Writable, prelude: object): Writable {
        preludes.set(stream, prelude);
        return stream;
      },
    },
  },
});

export function isStreaming(handler: object): handler is StreamingHandler {
  return streaming.has(handler);
}

/** @param tell called with each chunk when it is written, and with nothing at the end */
export function responseStream(tell: (chunk?: Uint8Array) => void): Writable {
  const stream: Writable = new Writable({
    write(chunk: Buffer, _encoding, done) {
      const prelude = preludes.get(stream);
      preludes.delete(stream);
      if (prelude) tell(Buffer.concat([Buffer.from(JSON.stringify(prelude)), DELIMITER]));
      if (chunk.length > 0) tell(chunk);
      done();
    },
    final(done) {
      tell();
      done();
    },
  });
  return stream;
}
