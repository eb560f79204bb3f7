/** @file The process of a trial: does what its argument says, tells the outcome over its channel, and ends. */
import type { Trial } from '../protocol/devices';
import type { TrialOutcome, TrialResult } from '../runtime/trial';
import { answeringDevice, isTrainingDevice } from '../runtime/device';
import { measureDevice } from '../runtime/measureDevice';
import { timeProduct } from '../runtime/referenceProduct';
import { TrainingError } from './errors';
import { measurePreset } from './estimate';
import { chooseThreads } from './plan';

/** Resolves once it is on its way: what comes next may leave the process no time to send anything. */
type Send = (outcome: TrialOutcome) => Promise<void>;

async function perform(trial: Trial, send: Send): Promise<TrialResult> {
  if (!isTrainingDevice(trial.device)) throw new TrainingError('settings', `"${trial.device}" is not a device.`);
  switch (trial.kind) {
    case 'device':
      return measureDevice(trial.device, chooseThreads(trial.threads), (preliminary) => send({ preliminary }));
    case 'preset':
      return measurePreset(trial.preset, trial.device, trial.threads);
    case 'product':
      return { productMilliseconds: await timeProduct(answeringDevice(trial.device), chooseThreads(trial.threads)) };
  }
}

/**
 * Ends the process when it is done.
 * @param text the trial as JSON
 * @param post tells whoever asked
 */
export async function performTrial(
  text: string,
  post: (outcome: TrialOutcome, sent: () => void) => unknown,
): Promise<void> {
  // Whoever asked may be gone, or may not wait any longer.
  process.on('disconnect', () => process.exit(0));
  const send: Send = (outcome) =>
    new Promise((resolve) => {
      post(outcome, resolve);
    });
  const outcome: TrialOutcome = await perform(JSON.parse(text) as Trial, send).then(
    (result) => ({ result }),
    (error: unknown) => ({ error: error instanceof Error ? error.message : String(error) }),
  );
  await send(outcome);
  process.exit(0);
}
