/** @file Numbers and times in words, the same in the editor, in every page and in a terminal. Pure. */

/** A share of a whole: 62 %, 3.1 %, 99.6 %, under 0.1 %. */
export function percent(share: number): string {
  const value = 100 * share;
  if (value === 0 || value === 100) return `${value} %`;
  if (value < 0.1) return 'under 0.1 %';
  return value < 10 || value > 90 ? `${value.toFixed(1)} %` : `${value.toFixed(0)} %`;
}

/** A probability that may be small: 62 %, 1.4 %, 1 in 240, 1 in 18,000, less than 1 in 1,000,000. */
export function chance(probability: number): string {
  if (probability >= 0.01) return percent(probability);
  const times = 1 / probability;
  if (!(times < 1e6)) return 'less than 1 in 1,000,000';
  return `1 in ${Number(times.toPrecision(2)).toLocaleString('en-US')}`;
}

/** Three significant digits without a trailing exponent for what occurs here. */
export function shortNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  return Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}

/** A whole number of at least 0 in three digits, or all of them below 10,000: 1.23 M, 350 k, 2,112, 12. */
export function shortCount(value: number): string {
  return value < 1e4 ? value.toLocaleString('en-US') : inThousands(value, ['', ' k', ' M', ' G']);
}

/** A size in powers of 1000: 340 bytes, 4.5 kB, 1.2 MB. */
export function byteSize(bytes: number): string {
  return inThousands(bytes, [' bytes', ' kB', ' MB', ' GB', ' TB']);
}

/** Three digits and the unit, each of which is a thousand of the one before. */
function inThousands(value: number, units: readonly string[]): string {
  let unit = 0;
  let left = value;
  // What is rounded up to a thousand is one of the next.
  while (left >= 999.5 && unit < units.length - 1) {
    left /= 1000;
    unit++;
  }
  return shortNumber(left) + units[unit]!;
}

/** 40 s, 12 min, 3 h 5 min: no more exactly than a time that lies ahead is known. */
export function roughTime(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 100) return `${whole} s`;
  const minutes = Math.round(whole / 60);
  return minutes < 100 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** 'one file', '3 files'. */
export function plural(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** A number's text with a minus sign, where JavaScript writes a hyphen. */
export function withMinus(text: string): string {
  return text.replace(/^-/, '−');
}

/** A change below this rounds to nothing in three decimals. */
const LEAST_CHANGE = 0.0005;

/** Whether a change is too small to be told. */
export function isUnchanged(change: number): boolean {
  return Math.abs(change) < LEAST_CHANGE;
}

/** +1.2 or −0.03, in three digits; ±0 for what rounds to nothing. */
export function signed(value: number): string {
  if (isUnchanged(value)) return '±0';
  return value < 0 ? `−${shortNumber(-value)}` : `+${shortNumber(value)}`;
}
