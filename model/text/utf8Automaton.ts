/** @file Which byte may come next in printable UTF-8: a deterministic automaton over byte values, for decoding bit by bit. */

/** The state between two characters. */
export const UTF8_BOUNDARY = 0;
/** Not a state: the byte that led here is not allowed. */
export const UTF8_REJECTED = -1;

// States 1, 2, 3: as many continuation bytes must follow. The others narrow the next byte (RFC 3629, well-formed byte sequences).
const AFTER_E0 = 4;
const AFTER_ED = 5;
const AFTER_F0 = 6;
const AFTER_F4 = 7;
const AFTER_C2 = 8;

type Rule = readonly [state: number, firstByte: number, lastByte: number, next: number];

// Printable: of the control characters only tab, line feed and carriage return; never NUL, DEL or C1 (C2 80 … C2 9F).
const RULES: readonly Rule[] = [
  [UTF8_BOUNDARY, 0x09, 0x0a, UTF8_BOUNDARY],
  [UTF8_BOUNDARY, 0x0d, 0x0d, UTF8_BOUNDARY],
  [UTF8_BOUNDARY, 0x20, 0x7e, UTF8_BOUNDARY],
  [UTF8_BOUNDARY, 0xc2, 0xc2, AFTER_C2],
  [UTF8_BOUNDARY, 0xc3, 0xdf, 1],
  [UTF8_BOUNDARY, 0xe0, 0xe0, AFTER_E0],
  [UTF8_BOUNDARY, 0xe1, 0xec, 2],
  [UTF8_BOUNDARY, 0xed, 0xed, AFTER_ED],
  [UTF8_BOUNDARY, 0xee, 0xef, 2],
  [UTF8_BOUNDARY, 0xf0, 0xf0, AFTER_F0],
  [UTF8_BOUNDARY, 0xf1, 0xf3, 3],
  [UTF8_BOUNDARY, 0xf4, 0xf4, AFTER_F4],
  [1, 0x80, 0xbf, UTF8_BOUNDARY],
  [2, 0x80, 0xbf, 1],
  [3, 0x80, 0xbf, 2],
  [AFTER_E0, 0xa0, 0xbf, 1],
  [AFTER_ED, 0x80, 0x9f, 1],
  [AFTER_F0, 0x90, 0xbf, 2],
  [AFTER_F4, 0x80, 0x8f, 2],
  [AFTER_C2, 0xa0, 0xbf, UTF8_BOUNDARY],
];
const STATES = 9;

/** [STATES·256] the next state, or UTF8_REJECTED. */
const NEXT = new Int8Array(STATES * 256).fill(UTF8_REJECTED);
for (const [state, first, last, next] of RULES) NEXT.fill(next, state * 256 + first, state * 256 + last + 1);

/** [STATES·512] whether an allowed byte lies under node (1 << length) | bits of a binary tree over the byte's bits. */
const OPEN = new Uint8Array(STATES * 512);
for (let state = 0; state < STATES; state++) {
  const tree = OPEN.subarray(state * 512, (state + 1) * 512);
  for (let byte = 0; byte < 256; byte++) tree[256 + byte] = NEXT[state * 256 + byte] === UTF8_REJECTED ? 0 : 1;
  for (let node = 255; node > 0; node--) tree[node] = tree[2 * node]! | tree[2 * node + 1]!;
}

/** The state after `byte`, or UTF8_REJECTED. */
export function nextUtf8State(state: number, byte: number): number {
  return NEXT[state * 256 + byte]!;
}

/**
 * Whether some byte that begins with the given bits may come next.
 * @param bits the byte's first `length` bits as a number, the first bit the most significant
 * @param length 0 … 8
 */
export function mayBeginByte(state: number, bits: number, length: number): boolean {
  return OPEN[state * 512 + ((1 << length) | bits)] === 1;
}
