/** @file Where the examples of voters stand: found in any of many files, and cancelled like the rest of what is gathered. */
import { describe, expect, it } from 'vitest';
import { exampleNeighbours } from '../../../model/inspection/examplePlaces';
import { NEIGHBOUR_BYTES } from '../../../model/text/place';

// Files of 0 to 6 chunks, with up to 3 bytes more, whose bytes tell file and place.
const files = Array.from({ length: 60 }, (_, i) => ({
  path: String(i),
  bytes: Uint8Array.from({ length: 4 * (i % 7) + (i % 4) }, (_, at) => 1 + ((37 * i + at) % 255)),
}));
const places = files.flatMap(({ bytes }, file) =>
  Array.from({ length: Math.floor(bytes.length / 4) }, (_, chunk) => ({ file, offset: 4 * chunk })),
);

const examplesOf = (chunks: readonly number[]) => ({
  chunks: Int32Array.from(chunks),
  votes: new Float32Array(chunks.length),
  codes: new Int32Array(chunks.length),
});

describe('the neighbours of examples', () => {
  it('are those in the file and at the place that the chunk has in the corpus', async () => {
    const asked = [-1, ...places.keys(), places.length];
    const found = await exampleNeighbours(files, examplesOf(asked));
    const kept = 2 * NEIGHBOUR_BYTES;
    asked.forEach((chunk, slot) => {
      const around = found.subarray(slot * kept, (slot + 1) * kept);
      const expected = new Uint8Array(kept);
      const place = places[chunk];
      if (place !== undefined) {
        const { bytes } = files[place.file]!;
        const before = bytes.subarray(Math.max(0, place.offset - NEIGHBOUR_BYTES), place.offset);
        expected.set(before, NEIGHBOUR_BYTES - before.length);
        expected.set(bytes.subarray(place.offset + 4, place.offset + 4 + NEIGHBOUR_BYTES), NEIGHBOUR_BYTES);
      }
      expect(around).toEqual(expected);
    });
  });

  it('end when they are cancelled', async () => {
    const signal = AbortSignal.abort();
    await expect(exampleNeighbours(files, examplesOf([0]), { signal })).rejects.toBe(signal.reason);
  });
});
