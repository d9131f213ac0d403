// Behind a function URL: answers what the request's JSON asks for, and otherwise the body as it arrived.
// The stack deploys this file as it is, so it is CommonJS.
exports.handler = async ({ body, isBase64Encoded }) => {
  const asked = body?.startsWith('{') ? JSON.parse(body) : {};
  if (asked.throws) throw new Error('The request asks for this error.');
  if ('answer' in asked) return asked.answer;
  return { statusCode: 200, body: JSON.stringify([body, isBase64Encoded]) };
};
