import { afterEach, describe, expect, it, vi } from 'vitest';
import { errorFields, log } from '../../aws/log.ts';

const written: string[] = [];
vi.spyOn(process.stdout, 'write').mockImplementation((line) => {
  written.push(String(line));
  return true;
});

afterEach(() => {
  written.length = 0;
});

describe('log', () => {
  it('writes one JSON object per event', () => {
    log('decision_sent', { execution: 'AMZN-1', by: 'U0BEN' });
    expect(written).toEqual(['{"event":"decision_sent","execution":"AMZN-1","by":"U0BEN"}\n']);
  });

  it('writes no task token and no Slack token, even if an error quotes them', () => {
    const token = 'AQCgAAAAKgAAAAMAAAAAAAAAAe4'.repeat(20);
    const others = 'xoxe.xoxp-1-abc, xoxe-1-abc, xapp-1-A0-12-abc and xwfp-12-abc';
    const error = new Error(`Invalid Token: '${token}' for xoxb-12345-abcdef, ${others}`);
    log('request_failed', errorFields(error));
    expect(JSON.parse(written[0] ?? '')).toEqual({
      event: 'request_failed',
      error: 'Error',
      message: "Invalid Token: '…' for …, …, …, … and …",
    });
  });
});
