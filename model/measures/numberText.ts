/** @file Numbers and times in words, the same in the editor and in every page. Pure. */

/** A share of a whole: 62 %, 3.1 %, 99.6 %, under 0.1 %. */
export function percent(share: number): string {
  const value = 100 * share;
  if (value === 0 || value === 100) return `${value} %`;
  if (value < 0.1) return 'under 0.1 %';
  return value < 10 || value > 90 ? `${value.toFixed(1)} %` : `${value.toFixed(0)} %`;
}

/** Three significant digits without a trailing exponent for what occurs here. */
export function shortNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  return Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}

/** 1.2 M, 350 k, 12. */
export function count(value: number): string {
  if (value >= 1e6) return `${(value / 1e6).toFixed(1)} M`;
  if (value >= 1e4) return `${(value / 1e3).toFixed(0)} k`;
  return String(value);
}

/** 340 KB, 1.2 MB. */
export function byteSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(0)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

/** A time that lies ahead: 40 s left, 12 min left, 3 h 5 min left. */
export function timeLeft(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 100) return `${whole} s left`;
  const minutes = Math.round(whole / 60);
  if (minutes < 100) return `${minutes} min left`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min left`;
}

/** 'one file', '3 files'. */
export function plural(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}
