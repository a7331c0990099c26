import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DeviceAnswer } from '../../../../agent/drivers/ovs/deviceAnswer.ts';
import { TcOutput } from '../../../../agent/drivers/ovs/tcOutput.ts';

const unknown = 'Object "end" is unknown, try "tc help".\n';
const answers = [
  'class htb 1:1 parent 1:fffe prio 0 rate 12Kbit ceil 50Mbit burst 52197b cburst 5000000b \n Sent 0 bytes 0 pkt\n',
  '',
  'Cannot find device "gone"\nCommand failed -:5\n',
  'class htb 1:1 root\n'.repeat(500),
  '',
];

/** As tc of iproute2 6.1 says it; without its second line, as one might that keeps that to itself. */
const outputs = [
  answers.map((text, index) => `${text}${unknown}Command failed -:${2 * index + 2}\n`).join(''),
  answers.map((text) => `${text}${unknown}`).join(''),
];

it.each(outputs)('answers come out whole, however they are cut', (output) => {
  const bytes = Buffer.from(output);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: bytes.length })), (cuts) => {
      const tc = new TcOutput();
      const found: string[] = [];
      let start = 0;
      for (const end of [...cuts.toSorted((a, b) => a - b), bytes.length]) {
        tc.add(bytes.subarray(start, end), (all, from, to) =>
          found.push(all.toString('utf8', from, to)),
        );
        start = end;
      }
      expect(found).toEqual(answers);
    }),
    { numRuns: 200 },
  );
});

/** Of Linux's own datapath, iproute2 6.1. */
const police = (packets: number, ages: string, tail = '') =>
  Buffer.from(`filter protocol all pref 49 basic chain 0 handle 0x1 
	action order 1:  police 0x1 rate 10Mbit burst 1Mb mtu 64Kb action drop overhead 0b 
	ref 1 bind 1 ${ages}
	Action statistics:
	Sent 0 bytes ${packets} pkt (dropped 0, overlimits 0 requeues 0) 
	backlog 0b 0p requeues 0${tail}
`);

it('an answer is like another that differs by its ages alone', () => {
  const first = police(0, ' installed 12 sec used 9 sec');
  const answer = new DeviceAnswer(first, 0, first.length);
  expect(answer.text).toBe(first.toString());
  const isLike = (bytes: Buffer) => answer.isLike(bytes, 0, bytes.length);

  expect(isLike(first)).toBe(true);
  expect(isLike(police(0, ' installed 132 sec used 129 sec firstused 7 sec'))).toBe(true);
  expect(isLike(police(1, ' installed 132 sec used 129 sec'))).toBe(false);
  expect(isLike(police(0, ' installed 132 sec', ' more'))).toBe(false);
  expect(isLike(first.subarray(0, 40))).toBe(false);
  expect(isLike(Buffer.alloc(0))).toBe(false);
});

it('an answer without ages is like itself alone, wherever it stands', () => {
  const text = Buffer.from('xxclass htb 1:1 root\nyy');
  const answer = new DeviceAnswer(text, 2, text.length - 2);
  expect(answer.isLike(text, 2, text.length - 2)).toBe(true);
  expect(answer.isLike(text, 2, text.length - 1)).toBe(false);
  expect(answer.isLike(text, 2, text.length - 3)).toBe(false);
  expect(answer.isLike(text, 1, text.length - 2)).toBe(false);
  expect(new DeviceAnswer(text, 2, 2).isLike(text, 5, 5)).toBe(true);
});
