/** @file The process of a trial: does what its argument says, tells the outcome over its channel, and ends. */
import type { DeviceMeasurement, PresetEstimate, Trial } from '../protocol/devices';
import type { TrialOutcome } from '../runtime/trial';
import { isTrainingDevice } from '../runtime/device';
import { measureDevice } from '../runtime/probe';
import { TrainingError } from './errors';
import { measurePreset } from './estimate';
import { chooseThreads } from './plan';

async function perform(trial: Trial): Promise<DeviceMeasurement | PresetEstimate> {
  if (!isTrainingDevice(trial.device)) throw new TrainingError('settings', `"${trial.device}" is not a device.`);
  return trial.kind === 'device'
    ? measureDevice(trial.device, chooseThreads(trial.threads))
    : measurePreset(trial.preset, trial.device, trial.threads);
}

/**
 * Ends the process when it is done.
 * @param text the trial as JSON
 * @param send tells whoever asked
 */
export async function performTrial(
  text: string,
  send: (outcome: TrialOutcome, sent: () => void) => unknown,
): Promise<void> {
  // Whoever asked may be gone, or may not wait any longer.
  process.on('disconnect', () => process.exit(0));
  const outcome: TrialOutcome = await perform(JSON.parse(text) as Trial).then(
    (result) => ({ result }),
    (error: unknown) => ({ error: error instanceof Error ? error.message : String(error) }),
  );
  send(outcome, () => process.exit(0));
}
