/** @file The readouts of a model, fitted on most of a sample text and measured on the rest of it. */
import { Turns } from '../inspection/turns';
import type { TurnOptions } from '../inspection/turns';
import { CHUNK_BYTES } from '../measures/chunk';
import type { NetworkBlock } from '../network/blocks';
import { networkBlocks } from '../network/blocks';
import type { ModelConfig } from '../network/config';
import type { DepthFit } from '../protocol/depth';
import type { BlockOutput } from '../runtime/blockSessions';
import { readCorpus } from '../text/corpus';
import { windowBytes } from '../text/windows';
import type { Readout } from './readout';
import { RidgeSums } from './readout';

/** Of each file's end. */
const HELD_OUT_SHARE = 0.2;
/** Positions that are looked at; of a longer text, those at its beginning. */
const MOST_CHUNKS = 16_384;
const MOST_FILE_BYTES = 1_000_000;
/** Bytes that are left out at the beginning of a text. */
const ALIGNMENTS = [0, 2];

/** What blocks make of a window, by their ids. */
export type BlockOutputMap = ReadonlyMap<string, BlockOutput>;

/** The blocks of the trunk before its last layer: what stands behind them is read. The last one's output is what that layer is given. */
export function trunkBlocks(config: ModelConfig): readonly NetworkBlock[] {
  const blocks = networkBlocks(config);
  return blocks.slice(
    0,
    blocks.findIndex(({ id }) => id === 'processor.output_conv'),
  );
}

/** A block's map, and how well it reads what it was not fitted on. */
export interface FittedReadout {
  readonly readout: Readout;
  /** Share of variance. */
  readonly explained: number;
}

export interface FittedReadouts {
  /** By the id of the block; every block of the trunk but the last. */
  readonly byBlock: ReadonlyMap<string, FittedReadout>;
  /** [D] what the trunk's last layer is given, on average. */
  readonly mean: Float32Array;
  readonly fit: DepthFit;
}

export interface FitOptions extends TurnOptions {
  /** Told after every window of the sample: how many were run, and of how many. */
  readonly onProgress?: ((windows: number, total: number) => void) | undefined;
}

interface SampleWindow {
  /** [4(T+1)] */
  readonly bytes: Uint8Array;
  /** Positions that are text, from the first on. */
  readonly positions: number;
}

/** Windows of a text at two of the four alignments, without overlap: the other two hardly make the maps better. */
function sampleWindows(text: Uint8Array, T: number): SampleWindow[] {
  return ALIGNMENTS.map((alignment) => text.subarray(alignment)).flatMap((grid) => {
    // A position has seen the chunk before it, the first one the zeros before the text.
    const positions = 1 + Math.floor(grid.length / CHUNK_BYTES);
    return Array.from({ length: Math.ceil(positions / T) }, (_, k): SampleWindow => {
      const firstTarget = k * T;
      const window = { firstTarget, scoreFrom: firstTarget, scoreTo: firstTarget + T };
      return { bytes: windowBytes(grid, window, T), positions: Math.min(T, positions - firstTarget) };
    });
  });
}

/** As many of the windows as there may be. */
function within(windows: readonly SampleWindow[], most: number): SampleWindow[] {
  let positions = 0;
  return windows.filter((window) => (positions += window.positions) <= most);
}

const positionsOf = (windows: readonly SampleWindow[]) => windows.reduce((sum, { positions }) => sum + positions, 0);

/**
 * Fits a map for each block of the trunk but the last: from its output to the last one's.
 * @param outputsOf runs a window of T+1 chunks
 * @param sample path of the text
 * @throws CorpusError where there is no text, DeviceError
 */
export async function fitReadouts(
  config: ModelConfig,
  outputsOf: (window: Uint8Array) => Promise<BlockOutputMap>,
  sample: string,
  options: FitOptions,
): Promise<FittedReadouts> {
  const { files } = await readCorpus([sample], { exclude: [], maxFileBytes: MOST_FILE_BYTES });
  const { embedding_dim: D, context_chunks: T } = config;
  const cut = (bytes: Uint8Array) => Math.floor((1 - HELD_OUT_SHARE) * bytes.length);
  const fitted = within(
    files.flatMap(({ bytes }) => sampleWindows(bytes.subarray(0, cut(bytes)), T)),
    MOST_CHUNKS,
  );
  const heldOut = within(
    files.flatMap(({ bytes }) => sampleWindows(bytes.subarray(cut(bytes)), T)),
    HELD_OUT_SHARE * MOST_CHUNKS,
  );
  const blocks = trunkBlocks(config);
  const last = blocks.at(-1)!;
  const read = blocks.slice(0, -1);
  const turns = new Turns(options);
  let done = 0;
  const each = async (windows: readonly SampleWindow[], use: (outputs: BlockOutputMap, positions: number) => void) => {
    for (const { bytes, positions } of windows) {
      use(await outputsOf(bytes), positions);
      options.onProgress?.(++done, fitted.length + heldOut.length);
      if (turns.isDue) await turns.give();
    }
  };

  const sums = new Map(read.map(({ id, level, channels }) => [id, new RidgeSums(channels, 2 ** level * D)] as const));
  const sumOfTargets = new Float64Array(D);
  await each(fitted, (outputs, positions) => {
    const { data: targets } = outputs.get(last.id)!;
    for (let i = 0; i < positions * D; i++) sumOfTargets[i % D]! += targets[i]!;
    for (const { id, level } of read) {
      sums.get(id)!.add(outputs.get(id)!.data, targets, Math.floor(positions / 2 ** level));
    }
  });
  const readouts = new Map<string, Readout>();
  for (const [id, sum] of sums) {
    readouts.set(id, sum.solve());
    await turns.give();
  }

  const errors = new Map(read.map(({ id }) => [id, { left: 0, all: 0 }]));
  await each(heldOut, (outputs, positions) => {
    const { data: targets } = outputs.get(last.id)!;
    for (const { id, level } of read) {
      const readout = readouts.get(id)!;
      const error = errors.get(id)!;
      const O = readout.mean.length;
      const said = readout.read(outputs.get(id)!, Math.floor(positions / 2 ** level));
      for (let i = 0; i < said.length; i++) {
        error.left += (targets[i]! - said[i]!) ** 2;
        error.all += (targets[i]! - readout.mean[i % O]!) ** 2;
      }
    }
  });
  const chunks = positionsOf(fitted);
  return {
    byBlock: new Map(
      [...readouts].map(([id, readout]) => {
        const { left, all } = errors.get(id)!;
        return [id, { readout, explained: 1 - left / all }] as const;
      }),
    ),
    mean: Float32Array.from(sumOfTargets, (sum) => sum / chunks),
    fit: { files: files.length, chunks, heldOut: positionsOf(heldOut) },
  };
}
