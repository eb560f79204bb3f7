/** @file Messages as they go to a webview: VS Code sends them as JSON, in which a lone NaN or infinity would become null. */

/** Stands for a number that JSON does not have. Typed arrays go as they are, whatever they hold. */
interface NumberOnWire {
  readonly $number: 'NaN' | 'Infinity' | '-Infinity';
}

function isNumberOnWire(value: object): value is NumberOnWire {
  return '$number' in value;
}

/** The typed arrays of our messages. */
const TYPED_ARRAYS = [Uint8Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array] as const;

/** A copy of a typed array that does not fill its buffer, as those that came from another process do not; else the value itself. */
function withOwnBuffer(value: unknown): unknown {
  for (const TypedArray of TYPED_ARRAYS) {
    if (value instanceof TypedArray && value.byteLength < value.buffer.byteLength) return new TypedArray(value);
  }
  return value;
}

/** Replaces what `change` gives another value for, at any depth; whatever has no such part is not copied. */
function replace(value: unknown, change: (value: unknown) => unknown): unknown {
  const changed = change(value);
  if (!Object.is(changed, value)) return changed;
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    const replaced = items.map((item) => replace(item, change));
    return replaced.every((item, i) => Object.is(item, items[i])) ? value : replaced;
  }
  const entries = Object.entries(value);
  const replaced = entries.map(([key, item]) => [key, replace(item, change)] as const);
  return replaced.every(([, item], i) => Object.is(item, entries[i]![1])) ? value : Object.fromEntries(replaced);
}

/** A message for VS Code to send. With a typed array it sends the whole buffer below: of a part of a larger one, a copy is sent. */
export function toWire(message: unknown): unknown {
  return replace(message, (value) => {
    if (typeof value === 'number' && !Number.isFinite(value)) return { $number: String(value) };
    return withOwnBuffer(value);
  });
}

/** The message that `toWire` was given. */
export function fromWire(message: unknown): unknown {
  return replace(message, (value) =>
    typeof value === 'object' && value !== null && isNumberOnWire(value) ? Number(value.$number) : value,
  );
}
