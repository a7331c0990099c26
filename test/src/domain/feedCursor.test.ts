import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeFeedCursor, encodeFeedCursor } from '../../../src/domain/feedCursor.ts';
import { fuzzing, fuzzTimeoutMs } from '../../support/fuzz.ts';

test('a cursor comes back as it went', () => {
  const revision = fc.bigInt({ min: 0n, max: 10n ** 18n - 1n });
  fc.assert(
    fc.property(fc.uuid(), revision, (epoch, at) => {
      const position = { epoch: `${epoch}.7711074583195617084.00000001`, revision: at };
      expect(decodeFeedCursor(encodeFeedCursor(position))).toEqual(position);
    }),
  );
});

test(
  'anything else is no cursor, and no error',
  () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(decodeFeedCursor(text)).toBeNull();
      }),
      fuzzing(1_000),
    );
    const encoded = (text: string) => Buffer.from(text).toString('base64url');
    for (const text of [
      '1|e|',
      '1||5',
      '2|e|5',
      '1|e|-5',
      '1|e|5|x',
      '1|e\u0000|5',
      '1|é|5',
      `1|e|${'9'.repeat(19)}`,
    ]) {
      expect(decodeFeedCursor(encoded(text))).toBeNull();
    }
    expect(decodeFeedCursor(encoded(`1|${'e'.repeat(300)}|5`))).toBeNull();
  },
  fuzzTimeoutMs,
);
