/** @file The safetensors format: there and back, unaligned, and one sentence for every way in which a file can be wrong. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { isFileSystemError } from '../../../model/files/fileSystemError';
import type { SafeTensor } from '../../../model/checkpoint/safetensors';
import {
  decodeSafetensors,
  encodeSafetensors,
  isSafetensorsError,
  readSafetensors,
  writeSafetensors,
} from '../../../model/checkpoint/safetensors';

const GOLDEN = path.join(import.meta.dirname, '../../golden');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'safetensors-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const sample = (): Map<string, SafeTensor> =>
  new Map<string, SafeTensor>([
    ['bytes', { dtype: 'U8', shape: [3], data: Uint8Array.of(1, 2, 255) }],
    ['halves', { dtype: 'F16', shape: [3], data: Float32Array.of(1, -0.5, 65504) }],
    ['floats', { dtype: 'F32', shape: [2, 2], data: Float32Array.of(1.5, -0, 3e-45, 3.4e38) }],
    ['ints', { dtype: 'I32', shape: [2], data: Int32Array.of(-1, 2 ** 31 - 1) }],
    ['longs', { dtype: 'I64', shape: [1], data: BigInt64Array.of(-(2n ** 63n)) }],
    ['doubles', { dtype: 'F64', shape: [], data: Float64Array.of(Math.PI) }],
    ['none', { dtype: 'F32', shape: [0, 4], data: new Float32Array() }],
    ['__proto__', { dtype: 'U8', shape: [1], data: Uint8Array.of(7) }],
  ]);

/** A file made by hand. */
function file(header: unknown, dataBytes: number): Uint8Array {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const out = Buffer.alloc(8 + json.length + dataBytes);
  out.writeBigUInt64LE(BigInt(json.length));
  json.copy(out, 8);
  return out;
}

function failure(buffer: Uint8Array): string {
  try {
    decodeSafetensors(buffer, 'f.safetensors');
  } catch (error) {
    expect(isSafetensorsError(error)).toBe(true);
    const { message } = error as Error;
    expect(message).toMatch(/^f\.safetensors: [^\n]+\.$/);
    return message;
  }
  return 'no error';
}

test.each([
  '{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}',
  '{"b":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"__metadata__":{"a":"1","a":"2"}}',
  '{"b":{"dtype":"U8","a":1,"a":2,"shape":[1],"data_offsets":[0,1]}}',
])('a header with a key twice is refused: %s', (header) => {
  expect(failure(file(header, 1))).toContain('key "a" twice in one object');
});

describe('round trip', () => {
  it('keeps every type, shape, value and metadata', () => {
    const metadata = new Map([
      ['steps', '12'],
      ['note', 'größe "\n'],
    ]);
    const decoded = decodeSafetensors(encodeSafetensors(sample(), metadata), 'x');
    expect(new Map([...decoded.tensors].sort())).toEqual(new Map([...sample()].sort()));
    expect(decoded.metadata).toEqual(metadata);
    expect(decodeSafetensors(encodeSafetensors(new Map()), 'x')).toEqual({ tensors: new Map(), metadata: new Map() });
  });

  it('reads from any alignment, and copies', () => {
    const encoded = encodeSafetensors(sample());
    const expected = decodeSafetensors(encoded, 'x');
    for (let shift = 1; shift < 8; shift++) {
      const buffer = new Uint8Array(encoded.length + shift);
      buffer.set(encoded, shift);
      const decoded = decodeSafetensors(buffer.subarray(shift), 'x');
      buffer.fill(0);
      expect(decoded).toEqual(expected);
    }
  });

  it('aligns every tensor in the file', () => {
    const encoded = encodeSafetensors(sample());
    const length = Number(new DataView(encoded.buffer).getBigUint64(0, true));
    expect(length % 8).toBe(0);
    const header = JSON.parse(new TextDecoder().decode(encoded.subarray(8, 8 + length))) as Record<
      string,
      { dtype: string; data_offsets: [number, number] }
    >;
    const sizes: Record<string, number> = { F64: 8, I64: 8, F32: 4, I32: 4, F16: 2, U8: 1 };
    for (const { dtype, data_offsets } of Object.values(header)) expect(data_offsets[0] % sizes[dtype]!).toBe(0);
  });

  it('reads what another implementation wrote, and writes the same data', async () => {
    const name = path.join(GOLDEN, 'paper/model.safetensors');
    const golden = await readSafetensors(name);
    const again = encodeSafetensors(golden.tensors, golden.metadata);
    const original = readFileSync(name);
    const dataBytes = [...golden.tensors.values()].reduce((sum, { data }) => sum + data.byteLength, 0);
    expect(dataBytes).toBeGreaterThan(10_000);
    expect(Buffer.from(again).subarray(-dataBytes).equals(original.subarray(-dataBytes))).toBe(true);
  });

  it('goes through a file', async () => {
    const name = path.join(folder, 'sub/x.safetensors');
    await writeSafetensors(name, sample(), new Map([['a', 'b']]));
    const { tensors, metadata } = await readSafetensors(name);
    expect(tensors.get('floats')).toEqual(sample().get('floats'));
    expect(metadata.get('a')).toBe('b');
  });

  it('refuses to write what does not fit', () => {
    const write = (tensor: SafeTensor) => () => encodeSafetensors(new Map([['t', tensor]]));
    expect(write({ dtype: 'F32', shape: [3], data: new Float32Array(2) })).toThrow('Tensor "t" has 2 values');
    expect(write({ dtype: 'F32', shape: [2], data: new Float64Array(2) })).toThrow(RangeError);
    expect(write({ dtype: 'F16', shape: [2], data: new Uint8Array(2) })).toThrow(RangeError);
  });
});

describe('wrong files', () => {
  const entry = { dtype: 'F32', shape: [2], data_offsets: [0, 8] };

  it('tells what is wrong with the header', () => {
    expect(failure(new Uint8Array(5))).toContain('has 5 bytes, expected a safetensors file');
    expect(failure(new Uint8Array(100))).toContain("header's length is 0, expected 2 to 92");
    expect(failure(new Uint8Array(100).fill(255))).toContain('truncated or not safetensors');
    expect(failure(file(`{"a":${JSON.stringify(entry)}}`, 8).subarray(0, 30))).toContain('truncated');
    expect(failure(file('{"a":', 0))).toContain('not JSON');
    expect(failure(file('[]', 0))).toContain('not an object');
    expect(failure(file('null', 0))).toContain('not an object');
    const notUtf8 = file('{"a":1}', 0);
    notUtf8[10] = 0xff;
    expect(failure(notUtf8)).toContain('not JSON in UTF-8');
  });

  it('tells which tensor is described wrongly', () => {
    const wrong: readonly (readonly [unknown, string])[] = [
      [5, 'is described by 5'],
      [{ ...entry, dtype: 'BF16' }, 'has dtype "BF16", expected one of F64, I64, F32, I32, F16, U8'],
      [{ ...entry, dtype: 'toString' }, 'has dtype "toString"'],
      [{ ...entry, dtype: undefined }, 'has dtype undefined'],
      [{ ...entry, shape: [-2] }, 'has shape [-2]'],
      [{ ...entry, shape: [1.5] }, 'has shape [1.5]'],
      [{ ...entry, shape: 2 }, 'has shape 2'],
      [{ ...entry, data_offsets: [0] }, 'has data_offsets [0]'],
      [{ ...entry, data_offsets: [8, 0] }, 'has data_offsets [8,0]'],
      [{ ...entry, data_offsets: [-8, 0] }, 'has data_offsets [-8,0]'],
      [{ ...entry, data_offsets: [0, 9] }, 'takes 9 bytes, expected 8 for F32 [2]'],
      [{ ...entry, shape: [2 ** 40, 2 ** 40] }, 'takes 8 bytes, expected'],
    ];
    for (const [description, message] of wrong) {
      expect(failure(file({ weird: description }, 8))).toContain(`tensor "weird" ${message}`);
    }
    expect(failure(file({ __metadata__: 1 }, 0))).toContain('"__metadata__" is not an object');
    expect(failure(file({ __metadata__: { a: 1 } }, 0))).toContain('key "a" is not a string');
  });

  it('tells holes, overlaps, truncation and what stands behind the last tensor', () => {
    const at = (begin: number): unknown => ({ ...entry, data_offsets: [begin, begin + 8] });
    expect(failure(file({ a: at(0), b: at(12) }, 20))).toContain('"b" begins at byte 12, expected 8');
    expect(failure(file({ a: at(0), b: at(4) }, 12))).toContain('"b" begins at byte 4, expected 8');
    expect(failure(file({ a: at(4) }, 12))).toContain('"a" begins at byte 4, expected 0');
    expect(failure(file({ a: at(0), b: at(8) }, 15))).toContain('"b" ends at byte 16 of the data, but the file has 15');
    expect(failure(file({ a: at(0) }, 9))).toContain('9 bytes of data, expected the 8 of its tensors');
    expect(failure(file({}, 1))).toContain('1 bytes of data, expected the 0');
    // Tensors may stand in any order in the header.
    expect(failure(file({ b: at(8), a: at(0) }, 16))).toBe('no error');
  });

  it('never does anything but that, wherever a file is cut or a byte of it changed', () => {
    const encoded = encodeSafetensors(sample(), new Map([['a', 'b']]));
    for (let length = 0; length < encoded.length; length++)
      expect(failure(encoded.subarray(0, length))).not.toBe('no error');
    for (let i = 0; i < encoded.length; i++) {
      const changed = encoded.slice();
      changed[i]! ^= 0x15;
      failure(changed);
    }
  });

  it('names the file that cannot be read', async () => {
    const reading = async (name: string): Promise<unknown> => readSafetensors(name).catch((error: unknown) => error);
    const missing = await reading(path.join(folder, 'missing.safetensors'));
    expect(isFileSystemError(missing)).toBe(true);
    expect((missing as Error).message).toBe(
      `Cannot read ${path.join(folder, 'missing.safetensors')}: no such file or folder; check the path.`,
    );
    expect(((await reading(folder)) as Error).message).toContain('it is a folder, not a file');
    writeFileSync(path.join(folder, 'text.safetensors'), 'this is no tensor file at all');
    expect(isSafetensorsError(await reading(path.join(folder, 'text.safetensors')))).toBe(true);
  });
});
