// Behind a function URL: streams a status, a header and a body in two parts.
// The stack deploys this file as it is, so it is CommonJS.
exports.handler = awslambda.streamifyResponse(async (_event, stream) => {
  const prelude = { statusCode: 201, headers: { 'content-type': 'text/plain', 'x-conformance': 'streamed' } };
  const response = awslambda.HttpResponseStream.from(stream, prelude);
  response.write('one, ');
  response.write('two');
  response.end();
});
