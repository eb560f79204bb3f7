/** @file The rules of the one selection that editor, view and panel share, without VS Code. */
import { CHUNK_BYTES } from '../../model/measures/chunk';
import type { Selection } from '../../model/protocol/panels/messages';

/** Byte offset of the chunk that holds byte `offset` of a text of `length` bytes; null where the text has no chunk. */
export function chunkStart(offset: number, length: number): number | null {
  if (length === 0) return null;
  // The caret behind the last byte belongs to the last chunk.
  const byte = Math.max(0, Math.min(offset, length - 1));
  return byte - (byte % CHUNK_BYTES);
}

/** The selection after the caret came to byte `offset`: bit and voter stay, a locked selection stays altogether. */
export function followCaret(selection: Selection | null, offset: number, length: number): Selection | null {
  if (selection?.locked === true) return clamp(selection, length);
  const start = chunkStart(offset, length);
  if (start === null) return null;
  return { offset: start, bit: selection?.bit ?? null, voter: selection?.voter ?? null, locked: false };
}

/** A selection that lies within a text of `length` bytes: an edit can have removed its chunk. */
export function clamp(selection: Selection, length: number): Selection | null {
  const start = chunkStart(selection.offset, length);
  return start === null ? null : { ...selection, offset: start };
}

/** A selection without its voter where a model of `votersPerBit` has none of that number. */
export function withinModel(selection: Selection, votersPerBit: number): Selection {
  const { voter } = selection;
  return voter === null || voter < votersPerBit ? selection : { ...selection, voter: null };
}

/** A selection from a webview, which is not trusted to be within bounds; null where nothing can be selected. */
export function sanitize(selection: Selection, length: number, votersPerBit: number): Selection | null {
  const within = (value: number | null, bound: number) =>
    value !== null && Number.isInteger(value) && value >= 0 && value < bound ? value : null;
  const bit = within(selection.bit, 32);
  const start = Number.isInteger(selection.offset) ? chunkStart(selection.offset, length) : null;
  if (start === null) return null;
  return {
    offset: start,
    bit,
    voter: bit === null ? null : within(selection.voter, votersPerBit),
    locked: selection.locked,
  };
}

export function sameSelection(a: Selection | null, b: Selection | null): boolean {
  if (a === null || b === null) return a === b;
  return a.offset === b.offset && a.bit === b.bit && a.voter === b.voter && a.locked === b.locked;
}
