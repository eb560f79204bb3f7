/** @file What the status bar says of model, training, selection and changed voters. */
import { changesSentence } from '../../model/measures/changesText';
import type { VoterChange } from '../../model/protocol/inspection';
import type { TrainingReport } from '../../model/protocol/training';
import { shortNumber } from '../../model/measures/numberText';
import { modelName } from '../modelProcess/modelState';
import type { ModelState } from '../modelProcess/modelState';

/** A training run, as far as the status bar shows it. */
export interface TrainingGlance {
  readonly report: TrainingReport | null;
  readonly isStopping: boolean;
}

/** '12 %' where the steps are known, else 'step 120'. */
export function trainingProgress(report: TrainingReport): string {
  if (report.steps !== null && report.steps > 0) return `${Math.floor((100 * report.step) / report.steps)} %`;
  return `step ${report.step}`;
}

function modelText(state: ModelState): string {
  const name = modelName(state);
  switch (state.kind) {
    case 'none':
      return 'no model';
    case 'idle':
      return name!;
    case 'loading':
      return `$(loading~spin) ${name!}`;
    case 'ready':
      return `${name!} (${state.model.device})`;
    case 'error':
      return `$(error) ${name!}`;
  }
}

/** The item's text; it always begins with SMUGGLER. */
export function statusBarText(
  state: ModelState,
  training: TrainingGlance | null,
  locked: boolean,
  changes: readonly VoterChange[],
  engineMissing: boolean,
): string {
  const parts = [engineMissing ? 'SMUGGLER $(warning) not on this platform' : `SMUGGLER ${modelText(state)}`];
  if (locked) parts.push('$(lock) locked');
  if (changes.length > 0) parts.push(`$(mute) ${changesSentence(changes)}`);
  if (training !== null) {
    const { report, isStopping } = training;
    const progress =
      report === null ? 'starting' : `${trainingProgress(report)}, ${shortNumber(report.bitsPerByte)} bits per byte`;
    parts.push(`$(sync~spin) ${isStopping ? 'stopping the training' : 'training'} ${progress}`);
  }
  return parts.join(' · ');
}
