/** @file Numbers and times in the words of the interface. */
import { hasTemperature } from '../model/network/config';
import type { ModelSummary } from '../model/protocol/models';

/** A probability as a percentage: 62 %, 3.1 %, under 0.1 %. */
export function percent(share: number): string {
  const value = share * 100;
  if (value > 0 && value < 0.1) return 'under 0.1 %';
  return `${value >= 10 ? value.toFixed(0) : value.toFixed(1)} %`;
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

/** τ for users: one number, or its range where it is learned a bit; null where the aggregation has none. */
export function temperatureText(model: ModelSummary): string | null {
  if (!hasTemperature(model.config)) return null;
  const least = Math.min(...model.temperatures);
  const most = Math.max(...model.temperatures);
  const text = (value: number) => String(Number(value.toPrecision(3)));
  return text(least) === text(most) ? text(least) : `${text(least)} to ${text(most)}`;
}
