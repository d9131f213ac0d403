// Runs the tests of votes with one condition of `aws/votes.ts` taken out: that of the name in WITHOUT. Its text stays in
// the expression, because DynamoDB refuses a value that the expression does not use.
import { defineConfig } from 'vitest/config';

const without = process.env['WITHOUT'];

/** HAS_REQUESTED is used in negation. */
const ALWAYS = without === 'HAS_REQUESTED' ? 'AND attribute_not_exists(id)' : 'OR attribute_exists(id)';

export default defineConfig({
  plugins: [
    {
      name: 'take-out-a-condition',
      enforce: 'pre',
      transform(code, id) {
        if (!without || !id.endsWith('/aws/votes.ts')) return undefined;
        const taken = code.replace(new RegExp(`(const ${without} =\\s+')([^']+)'`), `$1($2 ${ALWAYS})'`);
        if (taken === code) throw new Error(`There is no condition ${without}`);
        return taken;
      },
    },
  ],
  test: {
    // A cached file would not have this change.
    fsModuleCache: false,
    include: ['test/aws/votes.test.ts'],
    env: { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' },
  },
});
