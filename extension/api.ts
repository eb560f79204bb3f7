/** @file What `activate` returns: the extension's state for tests and for other extensions. */
import type { CausesState } from './editor/textCauses';
import type { Selection } from '../model/protocol/panels/messages';
import type { VoterChange } from '../model/protocol/inspection';
import type { MemoryReading, MemoryScope, MemoryVoter } from '../model/protocol/memory';
import type { ComparisonSummary } from './panels/comparison/comparisonSubject';
import type { ModelState } from './modelProcess/modelState';
import type { MonitorCounts } from './panels/trainingMonitor/trainingMonitorPanel';
import type { TrainingMonitorService } from './panels/trainingMonitor/trainingMonitorService';
import type { TimingName, TimingSummary } from './timings';

export interface InspectorState {
  /** The model's folder, or null. */
  readonly model: string | null;
  readonly checkpoint: string | null;
  readonly status: ModelState['kind'];
  /** The sentence of an error or of an empty state, or null. */
  readonly message: string | null;
  readonly statusBar: string;
  readonly selection: Selection | null;
  /** Voters that are silenced (`vote` null) or held at a vote. */
  readonly voterChanges: readonly VoterChange[];
  /** What memory is to read, how far the document that is looked at is read, its silenced voters, and its places in the text beside causes. */
  readonly memory: {
    readonly chosen: MemoryScope | null;
    readonly reading: MemoryReading | null;
    readonly silenced: readonly MemoryVoter[];
    readonly places: number;
  };
  /** Byte offset of the pinned chunk. */
  readonly pinned: number | null;
  /** The comparison that is shown; null while none is. */
  readonly comparison: ComparisonSummary | null;
  /** What the text is coloured by, on how many chunks, and the legend; null while it is not. */
  readonly colours: { readonly measure: string; readonly chunks: number; readonly legend: string } | null;
  /** The causes in the text; null while they are not shown. */
  readonly causes: CausesState | null;
  /** Folder that is being trained, and its latest step. */
  readonly training: { readonly folder: string; readonly step: number | null } | null;
  /** What the Training Monitor follows, how often it sent its page a state, and how often one was on the screen. */
  readonly monitor: { readonly runs: TrainingMonitorService['summaries'] } & Readonly<MonitorCounts>;
  /** Ids of the model processes that run. */
  readonly processes: {
    readonly answer: number | null;
    readonly train: number | null;
    readonly experiment: number | null;
  };
  /** Folder of the experiment that runs, and its runs that are done; null while none runs. */
  readonly experiment: { readonly folder: string; readonly done: number | null } | null;
}

export interface InspectorApi {
  readonly version: 1;
  state(): InspectorState;
  timings(): Partial<Record<TimingName, TimingSummary>>;
}
