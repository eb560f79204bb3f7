/** @file What training says while it runs and when it ends. */
import type { CorpusSummary, SkippedFile, TrainingReport, TrainResult } from '../../model/protocol/training';
import { languagesText } from '../../model/text/languages';
import { byteSize, plural, roughTime, shortNumber } from '../../model/measures/numberText';

/** 'step 120 of 600 · 3.21 bits per byte · 2 min left' */
export function reportText(report: TrainingReport): string {
  const parts = [
    report.steps === null ? `step ${report.step}` : `step ${report.step} of ${report.steps}`,
    `${shortNumber(report.bitsPerByte)} bits per byte`,
  ];
  if (report.remainingSeconds !== null) parts.push(`${roughTime(report.remainingSeconds)} left`);
  return parts.join(' · ');
}

/** One line of the log. */
export function reportLine(report: TrainingReport): string {
  const heldOut =
    report.heldOutBitsPerByte === undefined ? '' : ` · ${shortNumber(report.heldOutBitsPerByte)} held out`;
  return `${reportText(report)}${heldOut} · learning rate ${report.learningRate.toExponential(2)} · gradient norm ${shortNumber(report.gradientNorm)} · ${shortNumber(report.stepMilliseconds)} ms per step · ${shortNumber(report.chunksPerSecond)} chunks/s`;
}

/** '12 files, 340 kB (TypeScript 80 %, Markdown 20 %); 3 skipped (2 binary, 1 too large)' */
export function corpusText(corpus: CorpusSummary): string {
  const read = `${plural(corpus.files, 'file', 'files')}, ${byteSize(corpus.bytes)} (${languagesText(corpus.languages)})`;
  if (corpus.skipped.length === 0) return read;
  const reasons = new Map<SkippedFile['reason'], number>();
  for (const { reason } of corpus.skipped) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  const listed = [...reasons].map(([reason, number]) => `${number} ${reason}`).join(', ');
  return `${read}; ${corpus.skipped.length} skipped (${listed})`;
}

/** The sentence for the end of a run. */
export function resultText(result: TrainResult, name: string): string {
  const held = result.heldOutBitsPerByte;
  const measured =
    held === null
      ? `${shortNumber(result.bitsPerByte)} bits per byte on the text it learned`
      : `${shortNumber(held)} bits per byte on text that it has not seen`;
  return result.outcome === 'finished'
    ? `Training of ${name} has finished after ${result.step} steps: ${measured}.`
    : `Training of ${name} was stopped at step ${result.step} and saved: ${measured}.`;
}

/** Percentage points of the whole that lie between two reports, for a progress bar. */
export function progressIncrement(previous: number, report: TrainingReport): number {
  if (report.steps === null || report.steps <= 0) return 0;
  return Math.max(0, (100 * report.step) / report.steps - previous);
}
