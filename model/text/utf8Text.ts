/** @file A text as UTF-8 that changes by edits: its bytes, and byte offsets ⇄ UTF-16 offsets. */
import { bisectRight } from 'd3-array';
import { characterEnd } from '../measures/utf8';

/** Bytes or UTF-16 units from one checkpoint to the next, at least. */
const STRETCH = 1024;

/** UTF-16 units of the characters in bytes[from, to), which begins and ends with whole ones. */
function countUnits(bytes: Buffer, from: number, to: number): number {
  // Decoding is native code, and ten times as fast as counting here before that is compiled.
  return bytes.toString('utf8', from, to).length;
}

/** Where stretches of a text begin, ascending: as byte offsets and as UTF-16 offsets. Each begins with a character. */
interface Checkpoints {
  readonly bytes: readonly number[];
  readonly units: readonly number[];
}

/** Index of the last of the ascending `starts` that is at most `offset`; the first is 0. */
function checkpointBefore(starts: readonly number[], offset: number): number {
  return Math.max(0, bisectRight(starts, offset) - 1);
}

/** Whether U+FFFD stands there, which is also what a lone surrogate is encoded as. */
function isReplacement(bytes: Uint8Array, at: number): boolean {
  return at >= 0 && bytes[at] === 0xef && bytes[at + 1] === 0xbf && bytes[at + 2] === 0xbd;
}

/** Of a surrogate pair. */
function isFirstHalf(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}

/** Of a surrogate pair. */
function isSecondHalf(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}

/** Whether the text begins with the second half of a surrogate pair, or ends with the first. */
function hasOpenEnds(text: string): boolean {
  return isSecondHalf(text.charCodeAt(0)) || isFirstHalf(text.charCodeAt(text.length - 1));
}

/** The offset, or the next one where it would cut a surrogate pair. */
function pairEnd(text: string, offset: number): number {
  const isCut = isFirstHalf(text.charCodeAt(offset - 1)) && isSecondHalf(text.charCodeAt(offset));
  return isCut ? offset + 1 : offset;
}

/**
 * Offsets are as `TextEncoder` and VS Code's `positionAt` count them; a lone surrogate is one unit and three bytes. Offsets
 * inside a character give the character's start; offsets outside the text are clamped to it.
 */
export class Utf8Text {
  private constructor(
    readonly bytes: Uint8Array,
    /** In UTF-16 units. */
    readonly length: number,
    private readonly checkpoints: Checkpoints,
  ) {}

  static encode(text: string): Utf8Text {
    // Stretch by stretch, so that what each takes in both is known without a second pass.
    const bytes = new Uint8Array(Buffer.byteLength(text));
    const encoder = new TextEncoder();
    const checkpoints = { bytes: [0], units: [0] };
    let at = 0;
    for (let unit = 0; unit < text.length;) {
      const end = pairEnd(text, unit + STRETCH);
      at += encoder.encodeInto(text.slice(unit, end), bytes.subarray(at)).written;
      unit = end;
      if (unit < text.length) {
        checkpoints.bytes.push(at);
        checkpoints.units.push(unit);
      }
    }
    return new Utf8Text(bytes, text.length, checkpoints);
  }

  /**
   * The text with `removed` UTF-16 units from `start` on replaced. Costs a copy of the bytes and little more.
   * @returns null where a surrogate pair would be cut or joined, or the place is not in the text: encode the whole then
   */
  replace(start: number, removed: number, inserted: string): Utf8Text | null {
    const { bytes, checkpoints } = this;
    if (start < 0 || start + removed > this.length || hasOpenEnds(inserted)) return null;
    const from = this.byteOffset(start);
    const to = this.byteOffset(start + removed);
    if (this.utf16Offset(from) !== start || this.utf16Offset(to) !== start + removed) return null;
    if (isReplacement(bytes, from - 3) || isReplacement(bytes, to)) return null;

    const added = new TextEncoder().encode(inserted);
    const next = new Uint8Array(from + added.length + bytes.length - to);
    next.set(bytes.subarray(0, from));
    next.set(added, from);
    next.set(bytes.subarray(to), from + added.length);

    const kept = checkpointBefore(checkpoints.bytes, from) + 1;
    const later = checkpointBefore(checkpoints.bytes, to) + 1;
    const fresh = { bytes: checkpoints.bytes.slice(0, kept), units: checkpoints.units.slice(0, kept) };
    addCheckpoints(fresh, next, from + added.length);
    const moreBytes = next.length - bytes.length;
    const moreUnits = inserted.length - removed;
    for (let k = later; k < checkpoints.bytes.length; k++) {
      fresh.bytes.push(checkpoints.bytes[k]! + moreBytes);
      fresh.units.push(checkpoints.units[k]! + moreUnits);
    }
    return new Utf8Text(next, this.length + moreUnits, fresh);
  }

  /** Byte offset of a UTF-16 offset. */
  byteOffset(utf16: number): number {
    const { bytes, checkpoints } = this;
    if (utf16 >= this.length) return bytes.length;
    const k = checkpointBefore(checkpoints.units, utf16);
    let unit = checkpoints.units[k]!;
    let byte = checkpoints.bytes[k]!;
    while (unit < utf16) {
      const lead = bytes[byte]!;
      unit += lead >= 0xf0 ? 2 : 1;
      if (unit > utf16) break;
      byte += characterBytes(lead);
    }
    return byte;
  }

  /** UTF-16 offset of a byte offset. */
  utf16Offset(byte: number): number {
    const { bytes, checkpoints } = this;
    if (byte >= bytes.length) return this.length;
    const k = checkpointBefore(checkpoints.bytes, byte);
    let unit = checkpoints.units[k]!;
    let at = checkpoints.bytes[k]!;
    while (at < byte) {
      const lead = bytes[at]!;
      at += characterBytes(lead);
      if (at > byte) break;
      unit += lead >= 0xf0 ? 2 : 1;
    }
    return unit;
  }
}

/** Bytes of the character that begins with `lead`. */
function characterBytes(lead: number): number {
  return lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

/** Adds checkpoints from the last one on, up to byte `end`. */
function addCheckpoints(checkpoints: { bytes: number[]; units: number[] }, encoded: Uint8Array, end: number): void {
  const bytes = Buffer.from(encoded.buffer, encoded.byteOffset, encoded.byteLength);
  let at = checkpoints.bytes.at(-1)!;
  let unit = checkpoints.units.at(-1)!;
  for (;;) {
    const next = characterEnd(bytes, at + STRETCH);
    if (next >= end) return;
    unit += countUnits(bytes, at, next);
    at = next;
    checkpoints.bytes.push(at);
    checkpoints.units.push(unit);
  }
}
