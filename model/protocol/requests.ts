/** @file Every request to the model process, one row each: its parameters, its answer, and what it tells while it works. */
import type { AttentionParams, ChunkAttention, HeadFindings } from './attention';
import type { Causes, CausesParams } from './causes';
import type {
  ComparedChunk,
  ComparedChunkParams,
  ComparedContinuations,
  Comparison,
  ComparisonOpenParams,
  ComparisonTexts,
  ContinuationsParams,
} from './comparison';
import type { CompleteRequestParams, Completion } from './completion';
import type { DepthLens, DepthParams } from './depth';
import type { DocumentRef, DocumentSync } from './documents';
import type {
  ExperimentFolders,
  ExperimentOutcome,
  ExperimentParams,
  ExperimentProgress,
  ModelMeasurement,
  StoredExperiment,
} from './experiments';
import type {
  ChunkInspection,
  InspectChunkParams,
  InspectRangeParams,
  RangeInspection,
  VoterRange,
  VoterRangeParams,
  VoterTile,
  VoterTileParams,
} from './inspection';
import type { LesionInspection, LesionParams } from './lesions';
import type {
  MemoryChunk,
  MemoryChunkParams,
  MemoryProgress,
  MemoryRange,
  MemoryRangeParams,
  MemoryReadParams,
  MemoryVoters,
  MemoryVotersParams,
  MemoryWorkspace,
  MemoryWorkspaceParams,
} from './memory';
import type {
  ActivityParams,
  ExportedModel,
  ExportModelParams,
  LoadParams,
  ModelActivity,
  ModelOverview,
  ModelSummary,
} from './models';
import type {
  StatisticsParams,
  StatisticsProgress,
  StatisticsSummary,
  StatisticsVoterParams,
  VoterDashboard,
} from './statistics';
import type {
  CorpusContents,
  CorpusParams,
  PresetSummary,
  TrainingProgress,
  TrainParams,
  TrainResult,
} from './training';
import type {
  AgreementSearchParams,
  AgreementSearchResult,
  AnalysisParams,
  AnalysisProgress,
  ConceptSearchParams,
  ConceptSearchResult,
  SpecializationMapParams,
  SpecializationMapResult,
} from './voterAnalyses';
import type { SetVoterNoteParams, VoterNotes } from './voterNotes';

/** One request. It ends with the answer, or with an error: one of `ErrorCode` and one sentence. */
export interface Request<Params extends object, Answer, Progress = never> {
  readonly params: Params;
  readonly answer: Answer;
  /** Comes any number of times before the answer, to whoever listens. */
  readonly progress: Progress;
}

export type NoParams = Record<string, never>;

/** By the name under which they travel. model/process/requests.ts says which process answers each, and how soon. */
export interface Requests {
  /** Answered at once unless the process hangs, or computes for long without a pause. */
  'process/alive': Request<NoParams, null>;
  /** Loads a model in place of the one before, which stays where this fails. A device that cannot run it is replaced by the CPU. */
  'model/load': Request<LoadParams, ModelSummary>;
  /** Forgets the model; the texts stay. */
  'model/unload': Request<NoParams, null>;
  /** The blocks are measured, which takes a fraction of a second. */
  'model/overview': Request<NoParams, ModelOverview>;
  'model/activity': Request<ActivityParams, ModelActivity>;
  /** Writes the loaded model for other programs. */
  'model/export': Request<ExportModelParams, ExportedModel>;
  'inspect/chunk': Request<InspectChunkParams, ChunkInspection>;
  'inspect/range': Request<InspectRangeParams, RangeInspection>;
  'inspect/voter': Request<VoterRangeParams, VoterRange>;
  'inspect/voters': Request<VoterTileParams, VoterTile>;
  'inspect/lesion': Request<LesionParams, LesionInspection>;
  /** What of the text before contributed to a chunk's surprise, a bit or a voter; of the model as it is, without changed voters. */
  'inspect/causes': Request<CausesParams, Causes>;
  /** Where the heads of the bottleneck read; null where the model has no attention. */
  'inspect/attention': Request<AttentionParams, ChunkAttention | null>;
  /** The same as means over a document; null also where it is too short. Its progress is of phase `votes`, in chunks. */
  'inspect/heads': Request<DocumentRef, HeadFindings | null, AnalysisProgress>;
  /** What the voters would say behind each block of the trunk; at the first request readouts are fitted, which takes seconds and has progress: of phase `votes`, in windows of the sample. */
  'inspect/depth': Request<DepthParams, DepthLens, AnalysisProgress>;
  /** Reads a document into memory as far as it is not read; the answer says how far that is. */
  'memory/read': Request<MemoryReadParams, MemoryProgress, MemoryProgress>;
  /** Reads as far as is asked for. */
  'memory/range': Request<MemoryRangeParams, MemoryRange, MemoryProgress>;
  /** Null where the document is not read that far yet. */
  'memory/chunk': Request<MemoryChunkParams, MemoryChunk | null>;
  'memory/voters': Request<MemoryVotersParams, MemoryVoters | null>;
  /** Learns the workspace's files, in place of what was learned of it before. */
  'memory/workspace': Request<MemoryWorkspaceParams, MemoryWorkspace, MemoryProgress>;
  complete: Request<CompleteRequestParams, Completion>;
  /** What is stored of the loaded model's voters; null where nothing is. */
  'statistics/read': Request<NoParams, StatisticsSummary | null>;
  /** Gathers the statistics of every voter over texts and keeps them, without storing, until other texts are asked about. */
  'statistics/texts': Request<AnalysisParams, StatisticsSummary, AnalysisProgress>;
  /** Null where there are none of the loaded model. */
  'statistics/voter': Request<StatisticsVoterParams, VoterDashboard | null>;
  'specialization/map': Request<SpecializationMapParams, SpecializationMapResult, AnalysisProgress>;
  'concept/search': Request<ConceptSearchParams, ConceptSearchResult, AnalysisProgress>;
  'agreement/search': Request<AgreementSearchParams, AgreementSearchResult, AnalysisProgress>;
  /** Loads a second model beside the loaded one, in place of an earlier second one, which stays where this fails. */
  'comparison/open': Request<ComparisonOpenParams, ModelSummary>;
  /** Frees the second model. */
  'comparison/close': Request<NoParams, null>;
  /** Its progress is of phase `votes`, in chunks. */
  'comparison/texts': Request<ComparisonTexts, Comparison, AnalysisProgress>;
  'comparison/chunk': Request<ComparedChunkParams, ComparedChunk>;
  'comparison/continuations': Request<ContinuationsParams, ComparedContinuations>;
  'voters/notes': Request<NoParams, VoterNotes>;
  'voters/note': Request<SetVoterNoteParams, VoterNotes>;
  /** From the smallest to the largest. */
  'train/presets': Request<NoParams, readonly PresetSummary[]>;
  /** What a training with these would read; the files are read to tell, and forgotten. */
  'train/contents': Request<CorpusParams, CorpusContents>;
  /** Cancelling stops the training at the next step, saves, and answers with outcome 'stopped'. */
  'train/run': Request<TrainParams, TrainResult, TrainingProgress>;
  /** Gathers the statistics of every voter over texts and stores them in the model folder; cancelled, it stores nothing. */
  'statistics/compute': Request<StatisticsParams, StatisticsSummary, StatisticsProgress>;
  /** Cancelling ends it, with the result of the runs that are done; the same parameters go on from there. */
  'experiment/run': Request<ExperimentParams, ExperimentOutcome, ExperimentProgress>;
  'experiment/read': Request<ExperimentFolders, readonly StoredExperiment[]>;
  /** How sparse the loaded model is on a text; null where the text has under two chunks or the model one voter per bit. */
  'experiment/model': Request<DocumentRef, ModelMeasurement | null, AnalysisProgress>;
}

export type RequestName = keyof Requests;
export type ParamsOf<Name extends RequestName> = Requests[Name]['params'];
export type AnswerOf<Name extends RequestName> = Requests[Name]['answer'];
export type ProgressOf<Name extends RequestName> = Requests[Name]['progress'];

/** What the answering process is told without being asked, by name. */
export interface Notifications {
  /** Takes the text of a document; an older version of it is forgotten. */
  'document/sync': DocumentSync;
  'document/close': { readonly uri: string };
}

export type NotificationName = keyof Notifications;
