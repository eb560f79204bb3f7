/** @file The safetensors format, read strictly from untrusted files and written: named tensors behind a JSON header. */
import { atomicWrite } from './atomicWrite';
import { decodeHalves, encodeHalf } from './float16';
import { duplicateKey } from '../files/duplicateKey';
import { readRegularFile } from '../files/readRegularFile';

/** Element types that are read and written, by the format's names, with their bytes. */
const ELEMENT_BYTES = { F64: 8, I64: 8, F32: 4, I32: 4, F16: 2, U8: 1 } as const;
export type Dtype = keyof typeof ELEMENT_BYTES;

/** A tensor in row-major order. F16 is held as float32 values. */
export interface SafeTensor {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly data: Float32Array | Uint8Array | Int32Array | BigInt64Array | Float64Array;
}

export interface Safetensors {
  readonly tensors: Map<string, SafeTensor>;
  readonly metadata: ReadonlyMap<string, string>;
}

/** A file that is not what the format asks; the message names the file, the tensor, what was found and expected. */
export class SafetensorsError extends Error {
  override readonly name = 'SafetensorsError';
}

export function isSafetensorsError(error: unknown): error is SafetensorsError {
  return error instanceof SafetensorsError;
}

/** A tensor as the header describes it. */
interface Entry {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** Bytes from the end of the header. */
  readonly begin: number;
  readonly end: number;
}

const LENGTH_BYTES = 8;
/** The header's key that is no tensor. */
const METADATA = '__metadata__';
/** The limit that the format's own implementation sets. */
export const MOST_HEADER_BYTES = 100_000_000;

/**
 * Decodes a whole file. The tensors are copies (Buffer's own `slice` would not be one), so that the buffer can go and every element is aligned.
 * @param source the file's name, for errors
 * @throws SafetensorsError
 */
export function decodeSafetensors(buffer: Uint8Array, source: string): Safetensors {
  const headerBytes = headerLength(buffer, buffer.length, source);
  const dataStart = LENGTH_BYTES + headerBytes;
  const header = decodeHeader(buffer.subarray(LENGTH_BYTES, dataStart), buffer.length - dataStart, source);
  const tensors = new Map<string, SafeTensor>();
  for (const { name, dtype, shape, begin, end } of header.entries) {
    tensors.set(name, {
      dtype,
      shape,
      data: decodeElements(dtype, Uint8Array.from(buffer.subarray(dataStart + begin, dataStart + end))),
    });
  }
  return { tensors, metadata: header.metadata };
}

function headerLength(buffer: Uint8Array, fileBytes: number, source: string): number {
  if (fileBytes < LENGTH_BYTES) {
    throw new SafetensorsError(
      `${source}: the file has ${fileBytes} bytes, expected a safetensors file of at least 10.`,
    );
  }
  const length = Number(new DataView(buffer.buffer, buffer.byteOffset, LENGTH_BYTES).getBigUint64(0, true));
  if (length < 2 || length > MOST_HEADER_BYTES || LENGTH_BYTES + length > fileBytes) {
    throw new SafetensorsError(
      `${source}: the header's length is ${length}, expected 2 to ${Math.min(MOST_HEADER_BYTES, fileBytes - LENGTH_BYTES)}; the file is truncated or not safetensors.`,
    );
  }
  return length;
}

function decodeHeader(
  json: Uint8Array,
  dataBytes: number,
  source: string,
): { entries: Entry[]; metadata: ReadonlyMap<string, string> } {
  const fail = (what: string): never => {
    throw new SafetensorsError(`${source}: ${what}.`);
  };
  let header: unknown;
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(json);
    header = JSON.parse(text);
  } catch {
    return fail('the header is not JSON in UTF-8, expected a safetensors file');
  }
  if (!isRecord(header)) return fail('the header is not an object, expected one entry per tensor');
  const twice = duplicateKey(text);
  if (twice !== null)
    return fail(`the header has the key ${JSON.stringify(twice)} twice in one object, expected it once`);

  const metadata = new Map<string, string>();
  const entries: Entry[] = [];
  for (const [name, value] of Object.entries(header)) {
    if (name === METADATA) {
      if (!isRecord(value)) return fail(`"${METADATA}" is not an object, expected strings by name`);
      for (const [key, text] of Object.entries(value)) {
        if (typeof text !== 'string') return fail(`"${METADATA}" key "${key}" is not a string, expected one`);
        metadata.set(key, text);
      }
    } else entries.push(decodeEntry(name, value, fail));
  }

  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let at = 0;
  for (const { name, begin, end } of entries) {
    if (begin !== at) fail(`tensor "${name}" begins at byte ${begin}, expected ${at}, the end of the one before it`);
    if (end > dataBytes) {
      fail(`tensor "${name}" ends at byte ${end} of the data, but the file has ${dataBytes}; it is truncated`);
    }
    at = end;
  }
  if (at !== dataBytes) fail(`the file has ${dataBytes} bytes of data, expected the ${at} of its tensors`);
  return { entries, metadata };
}

function decodeEntry(name: string, value: unknown, fail: (what: string) => never): Entry {
  if (!isRecord(value)) return fail(`tensor "${name}" is described by ${JSON.stringify(value)}, expected an object`);
  const { dtype, shape, data_offsets: offsets } = value;
  if (!isDtype(dtype)) {
    return fail(
      `tensor "${name}" has dtype ${JSON.stringify(dtype)}, expected one of ${Object.keys(ELEMENT_BYTES).join(', ')}`,
    );
  }
  if (!isSizes(shape)) {
    return fail(`tensor "${name}" has shape ${JSON.stringify(shape)}, expected a list of non-negative integers`);
  }
  if (!isSizes(offsets) || offsets.length !== 2 || offsets[0]! > offsets[1]!) {
    return fail(`tensor "${name}" has data_offsets ${JSON.stringify(offsets)}, expected its first and last byte`);
  }
  const [begin, end] = offsets as [number, number];
  const bytes = shape.reduce((product, size) => product * size, ELEMENT_BYTES[dtype]);
  if (end - begin !== bytes) {
    return fail(`tensor "${name}" takes ${end - begin} bytes, expected ${bytes} for ${dtype} [${shape.join(', ')}]`);
  }
  return { name, dtype, shape, begin, end };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isDtype(value: unknown): value is Dtype {
  return typeof value === 'string' && Object.hasOwn(ELEMENT_BYTES, value);
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && (size as number) >= 0);
}

function decodeElements(dtype: Dtype, bytes: Uint8Array): SafeTensor['data'] {
  // `bytes` is a fresh copy: it begins its buffer, so every element is aligned.
  const buffer = bytes.buffer;
  switch (dtype) {
    case 'F64':
      return new Float64Array(buffer);
    case 'I64':
      return new BigInt64Array(buffer);
    case 'F32':
      return new Float32Array(buffer);
    case 'I32':
      return new Int32Array(buffer);
    case 'F16':
      return decodeHalves(new Uint16Array(buffer));
    case 'U8':
      return bytes;
  }
}

/**
 * Encodes tensors as a whole file, the widest elements first, so that each is aligned in it.
 * @throws RangeError where a tensor's values do not fit its shape or dtype
 */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, SafeTensor>,
  metadata: ReadonlyMap<string, string> = new Map(),
): Uint8Array {
  const order = [...tensors].sort(([, a], [, b]) => ELEMENT_BYTES[b.dtype] - ELEMENT_BYTES[a.dtype]);
  const header: [string, unknown][] = metadata.size > 0 ? [[METADATA, Object.fromEntries(metadata)]] : [];
  let at = 0;
  for (const [name, { dtype, shape, data }] of order) {
    const count = shape.reduce((product, size) => product * size, 1);
    if (count !== data.length) {
      throw new RangeError(`Tensor "${name}" has ${data.length} values, expected ${count} for [${shape.join(', ')}].`);
    }
    const end = at + count * ELEMENT_BYTES[dtype];
    if (name === METADATA) throw new RangeError(`A tensor cannot have the name "${METADATA}".`);
    header.push([name, { dtype, shape, data_offsets: [at, end] }]);
    at = end;
  }
  const text = JSON.stringify(Object.fromEntries(header));
  const headerBytes = Math.ceil(Buffer.byteLength(text) / 8) * 8;
  const file = new Uint8Array(LENGTH_BYTES + headerBytes + at).fill(0x20, LENGTH_BYTES, LENGTH_BYTES + headerBytes);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerBytes), true);
  new TextEncoder().encodeInto(text, file.subarray(LENGTH_BYTES));
  let offset = LENGTH_BYTES + headerBytes;
  for (const [, { dtype, data }] of order) {
    const bytes = elementBytes(dtype, data);
    file.set(bytes, offset);
    offset += bytes.length;
  }
  return file;
}

function elementBytes(dtype: Dtype, data: SafeTensor['data']): Uint8Array {
  if (dtype === 'F16') {
    if (!(data instanceof Float32Array)) throw new RangeError('An F16 tensor is written from float32 values.');
    const halves = new Uint16Array(data.length);
    for (let i = 0; i < halves.length; i++) halves[i] = encodeHalf(data[i]!);
    return new Uint8Array(halves.buffer);
  }
  if (data.BYTES_PER_ELEMENT !== ELEMENT_BYTES[dtype]) {
    throw new RangeError(`A ${dtype} tensor has elements of ${data.BYTES_PER_ELEMENT} bytes.`);
  }
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/**
 * Reads a file.
 * @throws SafetensorsError where it is not what the format asks
 * @throws FileSystemError where it cannot be read
 */
export async function readSafetensors(file: string): Promise<Safetensors> {
  return decodeSafetensors(await readRegularFile(file), file);
}

/**
 * Writes a file, whole or not at all.
 * @throws FileSystemError where it cannot be written
 */
export async function writeSafetensors(
  file: string,
  tensors: ReadonlyMap<string, SafeTensor>,
  metadata?: ReadonlyMap<string, string>,
): Promise<void> {
  await atomicWrite(file, encodeSafetensors(tensors, metadata));
}
