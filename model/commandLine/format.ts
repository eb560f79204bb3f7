/** @file Numbers and lists as users read them in a terminal. */
import { byteSize, plural, withMinus } from '../measures/numberText';
import type { CorpusSummary } from '../protocol/training';
import { languagesText } from '../text/languages';

/** Three digits or, where the whole number has more, all of them. */
export function formatNumber(value: number): string {
  return withMinus(Math.abs(value) >= 99.95 ? value.toFixed(0) : value.toPrecision(3));
}

/** A duration of one step or run, in milliseconds or seconds. */
export function formatMilliseconds(milliseconds: number): string {
  return milliseconds < 999.5 ? `${formatNumber(milliseconds)} ms` : `${formatNumber(milliseconds / 1000)} s`;
}

/** Seconds as h:mm:ss or m:ss. */
export function formatDuration(seconds: number): string {
  const whole = Math.round(seconds);
  const two = (value: number) => String(value).padStart(2, '0');
  const h = Math.floor(whole / 3600);
  const m = Math.floor(whole / 60) % 60;
  return h > 0 ? `${h}:${two(m)}:${two(whole % 60)}` : `${m}:${two(whole % 60)}`;
}

/** What was read, in which languages, what was held out and what was skipped, in one line. */
export function formatCorpus({ files, bytes, languages, heldOutBytes, skipped }: CorpusSummary): string {
  const reasons = new Map<string, number>();
  for (const { reason } of skipped) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  const left =
    skipped.length === 0
      ? ''
      : `; skipped ${skipped.length}: ${[...reasons].map(([reason, count]) => `${count} ${reason}`).join(', ')}`;
  return `Read ${plural(files, 'file', 'files')}, ${byteSize(bytes)} (${languagesText(languages)}), of which ${byteSize(heldOutBytes)} are held out${left}.`;
}
