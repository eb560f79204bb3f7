/** @file A made-up but realistic state of the Depth Lens, as the extension host would send it. */
import { visibleLabel } from '../../../model/measures/visibleText';
import { networkBlocks } from '../../../model/network/blocks';
import { DEFAULT_CONFIG } from '../../../model/network/config';
import type { Depth, DepthTop } from '../../../model/protocol/depth';
import type { DepthReady } from '../../../model/protocol/panels/depthLens';
import { BITS, generator, provenance, sampleBytes } from './sample';

const CONFIG = { ...DEFAULT_CONFIG, stages: 1, bottleneck_layers: 4 };

/** Chunks on either side, as the extension asks for them. */
const AROUND = 8;

function depths(): Depth[] {
  const all = networkBlocks(CONFIG);
  const blocks = all.slice(
    0,
    all.findIndex(({ id }) => id === 'processor.output_conv'),
  );
  return [
    { block: null, readout: 'mean', explained: null },
    ...blocks.map(({ id, kind, level, channels }, i): Depth => {
      const block = { id, kind, level, channels };
      if (i === blocks.length - 1) return { block, readout: 'model', explained: null };
      return { block, readout: 'fitted', explained: 0.3 + (0.5 * i) / blocks.length };
    }),
  ];
}

/**
 * The lens on a chunk of the sample text of `byteLength` bytes: the deeper, the less surprise.
 * @param isWhole whether the chunks around are known already
 */
export function depthLens(byteLength: number, index: number, isWhole = true): DepthReady {
  const bytes = sampleBytes(byteLength);
  const chunkCount = Math.ceil(byteLength / 4);
  const firstChunk = Math.max(0, index - AROUND);
  const n = Math.min(chunkCount, index + AROUND + 1) - firstChunk;
  const all = depths();
  const R = all.length;
  const textOf = (chunk: number): Uint8Array => bytes.subarray(4 * chunk, 4 * chunk + 4);
  const texts = Array.from({ length: n }, (_, column) => visibleLabel(textOf(firstChunk + column)));
  const random = generator(7);
  const surprise = new Float32Array(R * n);
  const effectiveVoters = new Float32Array(R * n);
  const wrongBits = new Uint8Array(R * n);
  const tops: (DepthTop | null)[] = [];
  for (let r = 0; r < R; r++) {
    for (let column = 0; column < n; column++) {
      const at = r * n + column;
      const hard = generator(firstChunk + column)();
      const share = (r + random()) / R;
      const isReal = share > 0.3 + hard;
      if (!isWhole && firstChunk + column !== index) {
        surprise[at] = effectiveVoters[at] = NaN;
        tops.push(null);
        continue;
      }
      surprise[at] = 24 * hard * (1.1 - share) + random();
      effectiveVoters[at] = 50 + 8 * random();
      wrongBits[at] = isReal ? 0 : Math.round(9 * (1.2 - share));
      const other = visibleLabel(textOf((firstChunk + column + 3 + (r >> 1)) % chunkCount));
      tops.push({ text: isReal ? texts[column]! : other, probability: 0.1 + 0.8 * share * share, isReal });
    }
  }
  const text = textOf(index);
  const bits = Uint8Array.from({ length: BITS }, (_, bit) => ((text[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1);
  const probabilities = new Float32Array(R * BITS);
  const bitVoters = new Float32Array(R * BITS);
  for (let r = 0; r < R; r++) {
    for (let bit = 0; bit < BITS; bit++) {
      const doubt = (1 - (0.6 * r) / R) * random() * (bit % 8 > 2 ? 1 : 0.3);
      probabilities[BITS * r + bit] = bits[bit] === 1 ? 1 - doubt : doubt;
      bitVoters[BITS * r + bit] = 20 + 100 * random();
    }
  }
  return {
    kind: 'ready',
    provenance: provenance(128),
    checkpoint: '3f9c1ab27d40',
    index,
    chunkCount,
    offset: 4 * index,
    length: text.length,
    text: visibleLabel(text),
    reading: 'fitted',
    depths: all,
    fit: { files: 6, chunks: 5136, heldOut: 1290 },
    firstChunk,
    texts,
    surprise,
    effectiveVoters,
    wrongBits,
    tops,
    isWhole,
    bits,
    scored: Uint8Array.from({ length: BITS }, (_, bit) => (bit < 8 * text.length ? 1 : 0)),
    probabilities,
    bitVoters,
    milliseconds: 40,
  };
}
