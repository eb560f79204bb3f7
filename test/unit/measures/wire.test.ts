/** @file Messages to a webview survive VS Code's JSON. */
import { describe, expect, it } from 'vitest';
import { fromWire, toWire } from '../../../model/measures/wire';

describe('the wire', () => {
  it('keeps lone numbers that JSON does not have', () => {
    const message = { a: NaN, b: [1, Infinity, { c: -Infinity, d: 'NaN' }], e: null, f: -0.5 };
    const sent: unknown = JSON.parse(JSON.stringify(toWire(message)));
    expect(fromWire(sent)).toEqual(message);
  });

  it('copies nothing where there is no such number, and leaves typed arrays as they are', () => {
    const message = { values: Float32Array.of(NaN, 1), rows: [{ text: 'a', n: 1 }] };
    expect(toWire(message)).toBe(message);
    expect(fromWire(message)).toBe(message);
    const other = { ...message, n: NaN };
    expect((toWire(other) as typeof other).values).toBe(message.values);
    expect((toWire(other) as typeof other).rows).toBe(message.rows);
  });

  it('sends of a large buffer only the part that is meant', () => {
    const buffer = new ArrayBuffer(64);
    const parts = [new Float32Array(buffer, 8, 3), new Uint16Array(buffer, 4, 2), Buffer.from(buffer, 0, 5)];
    parts.forEach((part, i) => part.fill(i + 1));
    const sent = toWire({ parts }) as { parts: typeof parts };
    expect(sent.parts.map((part) => [...part])).toEqual(parts.map((part) => [...part]));
    expect(sent.parts.map((part) => part.buffer.byteLength)).toEqual([12, 4, 5]);
  });
});
