/** @file Messages as they go to a webview: VS Code sends them as JSON, in which a lone NaN or infinity would become null. */

/** Stands for a number that JSON does not have. Typed arrays go as they are, whatever they hold. */
interface NumberOnWire {
  readonly $number: 'NaN' | 'Infinity' | '-Infinity';
}

function isNumberOnWire(value: object): value is NumberOnWire {
  return '$number' in value;
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

/** A message for VS Code to send. */
export function toWire(message: unknown): unknown {
  return replace(message, (value) =>
    typeof value === 'number' && !Number.isFinite(value) ? { $number: String(value) } : value,
  );
}

/** The message that `toWire` was given. */
export function fromWire(message: unknown): unknown {
  return replace(message, (value) =>
    typeof value === 'object' && value !== null && isNumberOnWire(value) ? Number(value.$number) : value,
  );
}
