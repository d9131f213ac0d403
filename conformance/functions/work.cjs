// A state's function: fails, sleeps or returns what its input asks for, and otherwise returns its input.
// The stack deploys this file as it is, so it is CommonJS.
exports.handler = async (input) => {
  const { throws, bytes, sleeps, returns = input } = Object(input);
  if (throws) throw Object.assign(new Error('The input asks for this error.'), { name: throws });
  if (sleeps) await new Promise((resolve) => setTimeout(resolve, sleeps * 1000));
  return bytes ? 'x'.repeat(bytes) : returns;
};
