// Tests that a requeued message keeps its age and its slots.
import { expect, it } from 'vitest';
import { attributesOf, readMessage } from '../../functions/queue-message.ts';
import { queueEvent } from '../support/queue-event.ts';

const SENT_AT = Date.parse('2026-01-01T00:00:00Z');

it('reads the time at which SQS got a new message', () => {
  const [record] = queueEvent('1').Records;
  expect(record && readMessage(record)).toEqual({ body: '1', firstSentAt: SENT_AT, reservations: {} });
});

it('keeps the first time and the slots of a requeued message, and no other attribute', () => {
  const message = { body: '1', firstSentAt: SENT_AT - 5_000, reservations: { one: 1, 'two-three': 23 } };
  const attributes = attributesOf(message);
  expect(attributes).toEqual({ firstSentAt: SENT_AT - 5_000, 'slot-one': 1, 'slot-two-three': 23 });
  const messageAttributes = Object.fromEntries(
    Object.entries({ ...attributes, other: 7 }).map(([name, value]) => [
      name,
      { dataType: 'Number', stringValue: String(value) },
    ]),
  );
  const [record] = queueEvent('1').Records;
  expect(record && readMessage({ ...record, messageAttributes })).toEqual(message);
});
