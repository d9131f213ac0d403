// Tests which addresses count as Slack's: only its own domains over TLS, and this machine if the Web API is there.
import { describe, expect, it } from 'vitest';
import { isLocalApi, isSlackAddress } from '../../aws/names/slack-address.ts';

const LOCAL = 'http://127.0.0.1:3000/response/1';

describe('isSlackAddress', () => {
  it.each(['https://slack.com/api/', 'https://hooks.slack.com/actions/T1/2/x', 'https://slack-gov.com/api/'])(
    'accepts %s',
    (address) => {
      expect(isSlackAddress(address, false)).toBe(true);
    },
  );

  it.each([
    'http://slack.com/api/',
    'https://slack.com.evil.example/',
    'https://evilslack.com/',
    'https://slack.com@evil.example/',
    'https://user:word@slack.com/',
    'http://127.0.0.1:3000@evil.example/',
    'https://127.0.0.1/',
    'http://localhost:3000/',
    'file:///etc/passwd',
    'not an address',
    '',
  ])('refuses %s', (address) => {
    expect(isSlackAddress(address, true)).toBe(false);
  });

  it('accepts this machine only if the Web API is there', () => {
    expect(isSlackAddress(LOCAL, isLocalApi('http://127.0.0.1:3000/api/'))).toBe(true);
    expect(isSlackAddress(LOCAL, isLocalApi('https://slack.com/api/'))).toBe(false);
    expect(isSlackAddress(LOCAL, isLocalApi('http://127.0.0.1:3000@evil.example/'))).toBe(false);
  });
});
