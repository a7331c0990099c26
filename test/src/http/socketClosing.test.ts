import { expect, test } from 'vitest';
import { closeReason } from '../../../src/http/socketClosing.ts';

test('The reason of a close is the sentence, or as much of it as a close has room for', () => {
  expect(closeReason('The token was revoked.')).toBe('The token was revoked.');
  const sentence = 'ü'.repeat(62);
  const shortened = closeReason(sentence);
  expect(shortened).toBe(`${'ü'.repeat(60)}…`);
  expect(Buffer.byteLength(shortened)).toBe(123);
});
