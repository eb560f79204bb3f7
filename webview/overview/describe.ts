/** @file The blocks in words and numbers. */
import { formatCount, formatShare } from '../shared/text';
import type { OverviewReady } from '../../model/protocol/panels/overview';
import type { BlockSummary } from '../../model/protocol/models';

/** What the bars in the picture can show. */
export type BarName = 'parameters' | 'time' | 'activity';

export const BARS: readonly { readonly value: BarName; readonly label: string }[] = [
  { value: 'parameters', label: 'parameters' },
  { value: 'time', label: 'time' },
  { value: 'activity', label: 'activity (RMS)' },
];

/** Whether a block has a position per byte. */
export function isByteStage({ level }: BlockSummary): boolean {
  return level < 0;
}

const MEANINGS: Readonly<Record<BlockSummary['kind'], string>> = {
  embedding: 'The 32 bits of each chunk as ±1, projected, plus sinusoidal positions.',
  convolution: 'A causal convolution over three chunks.',
  encoder: 'Two blocks of parallel causal convolutions with a residual; the result is also kept for the decoder.',
  downsample: 'A causal convolution of stride 2: half as many positions, twice as many channels.',
  transformer: 'Causal self-attention and a feed-forward layer, each with a residual.',
  dendritic:
    'A router keeps the strongest dendrites of each position; their mixture goes through GELU, with a residual.',
  upsample: 'A transposed convolution of stride 2: twice as many positions, half as many channels.',
  decoder: 'What was upsampled beside what the encoder kept, through two blocks of parallel causal convolutions.',
  output: 'A projection: one vector per chunk.',
  voters: 'Every voter of every bit of the next chunk scores; a bit’s votes are weighed and added up.',
};

/** Where a block of the byte stage means something else than one of its kind in the trunk. */
const BYTE_MEANINGS: Readonly<Partial<Record<BlockSummary['kind'], string>>> = {
  upsample:
    'A transposed convolution of stride 4: a position for each byte of the next chunk, beside the embedding of the byte before it.',
  decoder: 'Two blocks of parallel causal convolutions over bytes.',
};

/** What a block computes; the last one before the voters ends with the layer norm, whichever block that is. */
export function blockMeaning(block: BlockSummary): string {
  const meaning = (isByteStage(block) ? BYTE_MEANINGS[block.kind] : undefined) ?? MEANINGS[block.kind];
  const has = (beginning: string) => block.tensors.some(({ name }) => name.startsWith(beginning));
  if (has('byte_stage.ngrams.')) return `${meaning} Hashed n-grams of the bytes before are added to it.`;
  return has('output_norm.') ? `${meaning} Then a layer norm: the hidden vectors that the voters read.` : meaning;
}

/** 'positions × channels' of a block's output. */
export function blockShape(block: BlockSummary, votersPerBit: number): string {
  const channels = block.kind === 'voters' ? `32 × ${votersPerBit}` : String(block.channels);
  return `${block.positions} × ${channels}`;
}

export function formatMilliseconds(milliseconds: number | null): string {
  if (milliseconds === null) return 'not measured';
  return `${milliseconds < 10 ? milliseconds.toFixed(2) : milliseconds.toFixed(1)} ms`;
}

/** Root mean square of the block's output at the selected chunk; null where no chunk is looked at. */
export function activityOf(data: OverviewReady, block: number): number | null {
  return data.activity?.rms[block] ?? null;
}

export function formatActivity(rms: number | null): string {
  if (rms === null) return 'no chunk';
  return rms < 10 ? rms.toFixed(2) : rms.toFixed(1);
}

/** Length of each block's bar as a share of the longest; null where the block has no number. */
export function barShares(data: OverviewReady, bar: BarName): (number | null)[] {
  const values = data.blocks.map((block, i) => {
    if (bar === 'parameters') return block.parameters;
    return bar === 'time' ? block.milliseconds : activityOf(data, i);
  });
  const most = Math.max(0, ...values.filter((value) => value !== null));
  return values.map((value) => (value === null || most === 0 ? null : value / most));
}

/** What the bars show, for the line below the picture. */
export function barCaption(data: OverviewReady, bar: BarName): string {
  if (bar === 'parameters') {
    const all = data.blocks.reduce((sum, { parameters }) => sum + parameters, 0);
    return `Bars: parameters of a block, the longest the most. All: ${formatCount(all)}.`;
  }
  if (bar === 'time') {
    const measured = data.blocks.map(({ milliseconds }) => milliseconds);
    if (measured.some((milliseconds) => milliseconds === null)) {
      return `Times cannot be measured block by block on this device (${data.device}).`;
    }
    const all = measured.reduce<number>((sum, milliseconds) => sum + milliseconds!, 0);
    return `Bars: time of a block for one window of ${data.context} chunks on ${data.device}, median of ${data.timedRuns} runs. All: ${formatMilliseconds(all)}.`;
  }
  if (data.activity === null) return data.activityProblem ?? 'No chunk is selected.';
  return `Bars: root mean square over a block’s channels where chunk ${formatCount(data.activity.index + 1)} is predicted; of the voters, of their scores.`;
}

/** What a screen reader says of a block after the two lines in its box. */
export function blockDescription(data: OverviewReady, index: number): string {
  const block = data.blocks[index]!;
  return `positions × channels · parameters, time ${formatMilliseconds(block.milliseconds)}, activity ${formatActivity(activityOf(data, index))}`;
}

/** The router's choice in words: the active dendrites, strongest first. */
export function gatesText(gates: Float32Array): string {
  const active = Array.from(gates, (share, dendrite) => ({ share, dendrite }))
    .filter(({ share }) => share > 0)
    .sort((a, b) => b.share - a.share);
  return active.map(({ dendrite, share }) => `dendrite ${dendrite}: ${formatShare(share)}`).join(', ');
}
