// Tests that the documents say the same as the commands about the tokens, the signing secret and the scopes of the app.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import {
  ADD_SCOPES,
  APP_TOKEN_ADVICE,
  APP_TOKEN_PAGE,
  BOT_TOKEN_PAGE,
  botTokenAdvice,
  STORE_IN_SECRET,
  SCOPES_PAGE,
  SIGNING_SECRET_PAGE,
} from '../../slack/app-advice.ts';
import { OPERATOR_OF_APP } from '../../slack/error-codes.ts';

it.each([
  ['docs/guides/slack-app.md', [BOT_TOKEN_PAGE, APP_TOKEN_PAGE, SCOPES_PAGE]],
  ['docs/guides/deploy-aws.md', [BOT_TOKEN_PAGE, SIGNING_SECRET_PAGE]],
  ['.env.example', [BOT_TOKEN_PAGE, APP_TOKEN_PAGE, SIGNING_SECRET_PAGE]],
  ['docs/operations/runbook.md', [ADD_SCOPES, ...OPERATOR_OF_APP.values(), STORE_IN_SECRET]],
])('%s names the pages of the settings, and the remedies', (file, texts) => {
  const text = readFileSync(file, 'utf8').replaceAll(/\n# |\n */g, ' ');
  for (const each of texts) expect(text).toContain(each);
});

it('a log has the advice of the commands', () => {
  for (const code of ['invalid_auth', 'token_expired', 'token_revoked', 'account_inactive'])
    expect(OPERATOR_OF_APP.get(code)).toBe(`${botTokenAdvice(code)} ${STORE_IN_SECRET}`);
  expect(OPERATOR_OF_APP.get('missing_scope')).toBe(ADD_SCOPES);
  expect(APP_TOKEN_ADVICE).toContain('connections:write');
});
