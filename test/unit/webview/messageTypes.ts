/**
 * @file What the messages of the webviews repeat of the protocol with the model process stays the same on both sides. Checked by the
 * compiler (`npm test -- typecheck`): there is nothing to run.
 */
import type { ComparedChunk, ComparedChunkSide, Comparison } from '../../../model/protocol/comparison';
import type {
  Alternative,
  ChunkInspection,
  RangeInspection,
  VoterQuantity,
  VoterTile,
} from '../../../model/protocol/inspection';
import type { LesionInspection, LesionState, VoterChange } from '../../../model/protocol/lesions';
import type { BlockSummary, ModelActivity } from '../../../model/protocol/models';
import type { TrainingEnd } from '../../../model/protocol/training';
import type { VoterDashboard } from '../../../model/protocol/statistics';
import type { AgreementPlace, ClusterTree, MapContext } from '../../../model/protocol/voterAnalyses';
import type { VoterNote } from '../../../model/protocol/voterNotes';
import type { ChunkPair, ChunkSide, ComparisonResult } from '../../../webview/shared/comparisonMessages';
import type {
  AlternativeRow,
  ChangedVoter,
  HeatmapTile,
  HeatmapVoters,
  Lesion,
  LesionSide,
  PinnedChunk,
  VoterQuantity as ShownQuantity,
  VotesReady,
} from '../../../webview/shared/messages';
import type { OverviewActivity, OverviewBlock } from '../../../webview/shared/overviewMessages';
import type {
  AgreementRow,
  MapColumn,
  MapTree,
  VoterFigures,
  VoterName,
} from '../../../webview/shared/specializationMessages';
import type { MonitorRunState } from '../../../webview/shared/trainingMonitorMessages';

/** Each can be assigned to the other. */
type Agree<A, B> = [A, B] extends [B, A] ? true : false;

/** Every field of `View` but its `Own` is a field of `Protocol`, and of the same type. */
type Repeats<View, Protocol, Own extends keyof View = never> = Agree<
  Omit<View, Own>,
  { readonly [K in Exclude<keyof View, Own>]: K extends keyof Protocol ? Protocol[K] : never }
>;

type AllTrue<Checks extends readonly true[]> = Checks;

export type Checked = AllTrue<
  [
    Repeats<ComparisonResult, Comparison, 'bytesA' | 'bytesB'>,
    Repeats<ChunkSide, ComparedChunkSide>,
    Repeats<ChunkPair, ComparedChunk>,
    Repeats<AlternativeRow, Alternative>,
    Repeats<VotesReady, ChunkInspection, 'kind' | 'provenance' | 'lesion' | 'pinned'>,
    Repeats<PinnedChunk, ChunkInspection, 'provenance'>,
    Repeats<HeatmapTile, RangeInspection>,
    Repeats<HeatmapVoters, VoterTile>,
    Agree<ShownQuantity, VoterQuantity>,
    Repeats<ChangedVoter, VoterChange>,
    Repeats<Lesion, LesionInspection, 'changes' | 'result' | 'failure'>,
    Repeats<LesionSide, LesionState, 'decoded'>,
    Repeats<LesionSide['decoded'], LesionState['mostProbable']>,
    Repeats<OverviewBlock, BlockSummary>,
    Repeats<OverviewActivity, ModelActivity>,
    Repeats<MapTree, ClusterTree>,
    Repeats<MapColumn, MapContext, 'dimension'>,
    Repeats<VoterFigures, VoterDashboard, 'classes' | 'top' | 'sample' | 'measuredOn'>,
    Repeats<VoterName, VoterNote>,
    Repeats<AgreementRow, AgreementPlace, 'file' | 'before' | 'after'>,
    // Every end that a run can have is one that the monitor shows.
    Agree<Extract<MonitorRunState, TrainingEnd>, TrainingEnd>,
  ]
>;
