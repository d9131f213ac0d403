// Code without a build: CommonJS, although the package.json of the app around it says `"type": "module"`.
const { added } = require('./added');

const found = (name) => {
  try {
    require(name);
    return true;
  } catch ({ code }) {
    return code;
  }
};

exports.handler = async (event, context) => ({
  ...event,
  ...added,
  // Lambda's runtime has the SDK.
  sdk: found('@aws-sdk/client-sqs'),
  // A package of the app is not in the function's code, so Lambda does not find it.
  packageOfTheApp: found('constructs'),
  memory: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
  hasThreeSeconds: context.getRemainingTimeInMillis() <= 3_000,
});
