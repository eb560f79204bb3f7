/** @file Consecutive chunks of a document. */

export interface ChunkSpan {
  readonly firstChunk: number;
  readonly count: number;
}

/** Chunks that hold the bytes from `firstByte` up to `endByte`. */
export function chunksOfBytes(firstByte: number, endByte: number, chunkBytes: number): ChunkSpan {
  const firstChunk = Math.floor(firstByte / chunkBytes);
  return { firstChunk, count: Math.max(0, Math.ceil(endByte / chunkBytes) - firstChunk) };
}
