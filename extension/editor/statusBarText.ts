/** @file What the status bar says of model, training, selection and changed voters. */
import { changesSentence } from '../../model/measures/changesText';
import type { VoterChange } from '../../model/protocol/inspection';
import type { MemoryProgress, MemoryScope, MemoryVoter } from '../../model/protocol/memory';
import type { TrainingReport } from '../../model/protocol/training';
import { shortNumber } from '../../model/measures/numberText';
import { modelName } from '../modelProcess/modelState';
import type { ModelState } from '../modelProcess/modelState';

/** A training run, as far as the status bar shows it. */
export interface TrainingGlance {
  readonly report: TrainingReport | null;
  readonly isStopping: boolean;
}

/** The memory, as far as the status bar shows it. */
export interface MemoryGlance {
  readonly silenced: readonly MemoryVoter[];
  /** What it reads; null while it does not, or only for a moment. */
  readonly busy: { readonly of: MemoryScope; readonly progress: MemoryProgress } | null;
}

/** '12 %' */
export function readShare({ bytes, total }: MemoryProgress): string {
  return `${total === 0 ? 100 : Math.floor((100 * bytes) / total)} %`;
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
  { silenced, busy }: MemoryGlance,
  engineMissing: boolean,
): string {
  const parts = [engineMissing ? 'SMUGGLER $(warning) not on this platform' : `SMUGGLER ${modelText(state)}`];
  if (locked) parts.push('$(lock) locked');
  const changed = changesSentence(changes, silenced);
  if (changed !== '') parts.push(`$(mute) ${changed}`);
  if (busy !== null) {
    const what = busy.of === 'workspace' ? 'learning the workspace' : 'memory reading';
    parts.push(`$(sync~spin) ${what} ${readShare(busy.progress)}`);
  }
  if (training !== null) {
    const { report, isStopping } = training;
    const progress =
      report === null ? 'starting' : `${trainingProgress(report)}, ${shortNumber(report.bitsPerByte)} bits per byte`;
    parts.push(`$(sync~spin) ${isStopping ? 'stopping the training' : 'training'} ${progress}`);
  }
  return parts.join(' · ');
}
