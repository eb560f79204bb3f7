/** @file The UTF-8 automaton against the platform's decoder. */
import { expect, it } from 'vitest';
import { Random } from '../../../model/text/random';
import { mayBeginByte, nextUtf8State, UTF8_BOUNDARY, UTF8_REJECTED } from '../../../model/text/utf8Automaton';

function run(bytes: Iterable<number>): number {
  let state = UTF8_BOUNDARY;
  for (const byte of bytes) if (state !== UTF8_REJECTED) state = nextUtf8State(state, byte);
  return state;
}

it('accepts every character but control characters, and of those tab, line feed and carriage return', () => {
  const encoder = new TextEncoder();
  for (let code = 0; code <= 0x10ffff; code++) {
    if (code >= 0xd800 && code <= 0xdfff) continue;
    const isControl = code < 0x20 || (code >= 0x7f && code < 0xa0);
    const isAccepted = !isControl || code === 9 || code === 10 || code === 13;
    if ((run(encoder.encode(String.fromCodePoint(code))) === UTF8_BOUNDARY) !== isAccepted) {
      expect.fail(`U+${code.toString(16)} should ${isAccepted ? '' : 'not '}be accepted`);
    }
  }
});

it('accepts no bytes that the decoder rejects', () => {
  const random = Random.fromSeed(1);
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const likely = [0x41, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc1, 0xc2, 0xdf, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5, 0xff];
  let accepted = 0;
  for (let trial = 0; trial < 100_000; trial++) {
    const bytes = Uint8Array.from({ length: 1 + random.integer(4) }, () => likely[random.integer(likely.length)]!);
    if (run(bytes) !== UTF8_BOUNDARY) continue;
    accepted++;
    expect(() => decoder.decode(bytes)).not.toThrow();
  }
  expect(accepted).toBeGreaterThan(1000);
});

it('knows from the first bits whether a byte may follow', () => {
  const states = new Set([UTF8_BOUNDARY]);
  for (const state of states) {
    for (let byte = 0; byte < 256; byte++) {
      const next = nextUtf8State(state, byte);
      if (next !== UTF8_REJECTED) states.add(next);
    }
  }
  expect(states.size).toBe(9);
  for (const state of states) {
    for (let length = 0; length <= 8; length++) {
      for (let bits = 0; bits < 1 << length; bits++) {
        const bytes = Array.from({ length: 1 << (8 - length) }, (_, rest) => (bits << (8 - length)) | rest);
        expect(mayBeginByte(state, bits, length)).toBe(
          bytes.some((byte) => nextUtf8State(state, byte) !== UTF8_REJECTED),
        );
      }
    }
  }
});
