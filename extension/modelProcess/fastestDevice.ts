/** @file Which device `auto` takes. */
import type { DeviceReport, Speed } from '../../model/protocol/devices';
import { isDevice } from '../../model/runtime/device';

/** Answering the editor is one window at a time; training is steps. They may be fastest on different devices. */
export type Purpose = 'answering' | 'training';

const MEASURE: Readonly<Record<Purpose, keyof Speed>> = {
  answering: 'forwardMilliseconds',
  training: 'stepMilliseconds',
};

/** The fastest for the default model among those whose numbers agree with the CPU; the CPU where nothing else is known to be faster. */
export function fastestDevice(reports: readonly DeviceReport[], purpose: Purpose): string {
  let fastest = { name: 'cpu', milliseconds: Infinity };
  // The CPU first, so that it stays where another is just as fast.
  const sorted = reports.toSorted((a, b) => Number(b.name === 'cpu') - Number(a.name === 'cpu'));
  for (const report of sorted) {
    if (!report.available || !report.agrees || report.large === null) continue;
    if (purpose === 'answering' && !isDevice(report.name)) continue;
    const milliseconds = report.large[MEASURE[purpose]];
    if (milliseconds < fastest.milliseconds) fastest = { name: report.name, milliseconds };
  }
  return fastest.name;
}
