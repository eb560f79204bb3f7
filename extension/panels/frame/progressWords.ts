/** @file What the model process says of its progress, in words and as a share. */
import type { AnalysisProgress } from '../../../model/protocol/voterAnalyses';

const PHASES: Readonly<Record<AnalysisProgress['phase'], string>> = {
  reading: 'Reading the texts',
  votes: 'Running the model',
  comparing: 'Comparing voters',
};

/** Words and share of a step of the work. */
export function progressWords({ phase, done, total }: AnalysisProgress): readonly [string, number | null] {
  return [PHASES[phase], total > 0 ? Math.min(1, done / total) : null];
}
