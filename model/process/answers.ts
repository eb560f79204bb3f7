/** @file The role that answers: one loaded model, the texts that the editor has sent, and what is asked about them. */
import { makeFolder } from '../checkpoint/atomicWrite';
import { readVoterNotes, setVoterNote } from '../checkpoint/voterNotes';
import { complete } from '../completion/complete';
import type { InspectedDocument } from '../inspection/inspector';
import { ChangedHead } from '../inspection/lesions';
import { voterRange } from '../inspection/voterRange';
import { voterTile } from '../inspection/voterTile';
import type {
  ComparedChunk,
  ComparedChunkParams,
  Comparison,
  ComparisonOpenParams,
  ComparisonParams,
} from '../protocol/comparison';
import type { CompleteRequestParams, Completion } from '../protocol/completion';
import type { DocumentRef, DocumentSync } from '../protocol/documents';
import type {
  ChunkInspection,
  InspectChunkParams,
  InspectRangeParams,
  RangeInspection,
  VoterPlace,
  VoterRange,
  VoterRangeParams,
  VoterTile,
  VoterTileParams,
} from '../protocol/inspection';
import type { LesionInspection, LesionParams } from '../protocol/lesions';
import type {
  ActivityParams,
  ExportedModel,
  ExportModelParams,
  LoadParams,
  ModelActivity,
  ModelOverview,
  ModelSummary,
} from '../protocol/models';
import type { StatisticsSummary, VoterDashboard } from '../protocol/statistics';
import type {
  AgreementSearchParams,
  AgreementSearchResult,
  AnalysisProgress,
  ConceptSearchParams,
  ConceptSearchResult,
  SpecializationMapParams,
  SpecializationMapResult,
} from '../protocol/voterAnalyses';
import type { SetVoterNoteParams, VoterNotes } from '../protocol/voterNotes';
import { ErrorCode } from '../protocol/errors';
import type { LongRun } from './comparisons';
import { Comparisons } from './comparisons';
import type { LoadedModel } from './loadedModel';
import { loadModel } from './loadedModel';
import { exportModel } from './exportModel';
import { RequestError } from './requestErrors';
import { VoterAnalyses } from './voterAnalyses';
import { StoredVoterStatistics } from './storedStatistics';
import { WorkQueue } from './workQueue';

const NEVER = new AbortController().signal;

/** Milliseconds after which what was asked for at the caret has been drawn, and nobody waits. */
const UNTIL_DRAWN = 50;

/** Answers requests about texts with the model that is loaded. One at a time; what follows the caret, hovers and completions go before ranges. */
export class Answers {
  readonly #documents = new Map<string, InspectedDocument>();
  readonly #work = new WorkQueue();
  readonly #loads = new WorkQueue();
  readonly #analyses = new VoterAnalyses();
  readonly #statistics = new StoredVoterStatistics();
  readonly #comparisons = new Comparisons((model) => {
    this.#release(model);
  });
  readonly #anticipations: { inspector?: NodeJS.Timeout; overview?: NodeJS.Timeout } = {};
  #model: LoadedModel | undefined;

  /**
   * Loads a model in place of the one before, which stays where this fails. A device that cannot run it is replaced by the CPU, and the
   * summary says so.
   * @throws RequestError, ModelFolderError, FileSystemError, DeviceError, RuntimeMissingError
   */
  load(params: LoadParams, signal: AbortSignal): Promise<ModelSummary> {
    return this.#loads.run('now', signal, async () => {
      const { model, summary } = await loadModel(params);
      this.#replace(model);
      return summary;
    });
  }

  /** Forgets the model; the texts stay. */
  unload(): Promise<null> {
    return this.#loads.run('now', NEVER, () => {
      this.#replace(undefined);
      return Promise.resolve(null);
    });
  }

  /** Takes the text of a document; an older version of it is forgotten. */
  sync(document: DocumentSync): void {
    this.#documents.set(document.uri, document);
  }

  close(uri: string): void {
    this.#documents.delete(uri);
  }

  /** @throws RequestError (`noModel`, `staleDocument`), InspectionError */
  inspectChunk(params: InspectChunkParams, signal: AbortSignal): Promise<ChunkInspection> {
    return this.#work.run('now', signal, () => {
      const model = this.#requireModel();
      const document = this.#requireDocument(params);
      this.#anticipate(model, 'inspector', document, params.offset);
      return model.inspector.inspectChunk(document, params.offset, params.alternatives);
    });
  }

  /** @throws RequestError (`noModel`, `staleDocument`), InspectionError, VoterChangeError */
  lesion(params: LesionParams, signal: AbortSignal): Promise<LesionInspection> {
    return this.#work.run('now', signal, () =>
      this.#requireModel().inspector.lesion(this.#requireDocument(params), params, signal),
    );
  }

  /** @throws RequestError (`noModel`, `staleDocument`), VoterChangeError */
  inspectRange(params: InspectRangeParams, signal: AbortSignal): Promise<RangeInspection> {
    return this.#work.run('background', signal, () =>
      this.#requireModel().inspector.inspectRange(this.#requireDocument(params), params.firstChunk, params.count, {
        changes: params.changes,
        signal,
        giveWay: () => this.#work.giveWay(),
      }),
    );
  }

  /** @throws RequestError (`noModel`), VoterChangeError */
  complete(params: CompleteRequestParams, signal: AbortSignal): Promise<Completion> {
    return this.#work.run('now', signal, () => {
      const { inference, head } = this.#requireModel();
      return complete({ inference, head: new ChangedHead(head, params.changes) }, params, { signal });
    });
  }

  /** @throws RequestError (`noModel`, `staleDocument`), VoterChangeError */
  voterRange(params: VoterRangeParams, signal: AbortSignal): Promise<VoterRange> {
    return this.#work.run('background', signal, () =>
      voterRange(this.#requireModel(), this.#requireDocument(params), params, {
        signal,
        giveWay: () => this.#work.giveWay(),
      }),
    );
  }

  /** @throws RequestError (`noModel`, `staleDocument`) */
  voterTile(params: VoterTileParams, signal: AbortSignal): Promise<VoterTile> {
    return this.#work.run('background', signal, () =>
      voterTile(this.#requireModel(), this.#requireDocument(params), params, {
        signal,
        giveWay: () => this.#work.giveWay(),
      }),
    );
  }

  /** @throws RequestError (`noModel`), DeviceError */
  overview(signal: AbortSignal): Promise<ModelOverview> {
    return this.#work.run('background', signal, () =>
      this.#requireModel().overview.describe(() => this.#work.giveWay()),
    );
  }

  /** @throws RequestError (`noModel`, `staleDocument`), InspectionError, DeviceError */
  activity(params: ActivityParams, signal: AbortSignal): Promise<ModelActivity> {
    return this.#work.run('now', signal, () => {
      const model = this.#requireModel();
      const document = this.#requireDocument(params);
      this.#anticipate(model, 'overview', document, params.offset);
      return model.overview.activity(document, params.offset);
    });
  }

  /**
   * What is stored of the loaded model's voters; null where nothing is.
   * @throws RequestError (`noModel`), StatisticsError, SafetensorsError, FileSystemError
   */
  async statistics(): Promise<StatisticsSummary | null> {
    const { findings, checkpoint } = this.#requireModel();
    return this.#statistics.summary(findings, checkpoint);
  }

  /** @throws RequestError (`noModel`, `badRequest`), StatisticsError, SafetensorsError, FileSystemError */
  async voter(params: VoterPlace): Promise<VoterDashboard | null> {
    const { findings, checkpoint } = this.#requireModel();
    return this.#statistics.voter(findings, checkpoint, params);
  }

  /** @throws RequestError (`noModel`, `staleDocument`), ConceptError, CorpusError, InspectionError */
  specializationMap(
    params: SpecializationMapParams,
    signal: AbortSignal,
    onProgress: (progress: AnalysisProgress) => void,
  ): Promise<SpecializationMapResult> {
    return this.#analyse(signal, onProgress, (run) => this.#analyses.map(params, run));
  }

  /** @throws RequestError (`noModel`, `staleDocument`), ConceptError, CorpusError, InspectionError */
  searchConcept(
    params: ConceptSearchParams,
    signal: AbortSignal,
    onProgress: (progress: AnalysisProgress) => void,
  ): Promise<ConceptSearchResult> {
    return this.#analyse(signal, onProgress, (run) => this.#analyses.concept(params, run));
  }

  /** @throws RequestError (`noModel`, `staleDocument`), ConceptError, CorpusError, InspectionError */
  searchAgreement(
    params: AgreementSearchParams,
    signal: AbortSignal,
    onProgress: (progress: AnalysisProgress) => void,
  ): Promise<AgreementSearchResult> {
    return this.#analyse(signal, onProgress, (run) => this.#analyses.agreement(params, run));
  }

  /**
   * Loads a second model beside the one that is loaded.
   * @throws RequestError, ModelFolderError, FileSystemError, DeviceError, RuntimeMissingError
   */
  openComparison(params: ComparisonOpenParams, signal: AbortSignal): Promise<ModelSummary> {
    return this.#loads.run('now', signal, () => this.#comparisons.open(params));
  }

  /** Frees the second model. */
  closeComparison(): Promise<null> {
    return this.#loads.run('now', NEVER, () => {
      this.#comparisons.close();
      return Promise.resolve(null);
    });
  }

  /** @throws RequestError (`noModel`, `staleDocument`), InspectionError */
  compareTexts(
    params: ComparisonParams,
    signal: AbortSignal,
    onProgress: (progress: AnalysisProgress) => void,
  ): Promise<Comparison> {
    return this.#analyse(signal, onProgress, (run) => this.#comparisons.compare(params, run));
  }

  /** @throws RequestError (`noModel`, `staleDocument`), InspectionError */
  compareChunk(params: ComparedChunkParams, signal: AbortSignal): Promise<ComparedChunk> {
    return this.#work.run('now', signal, () =>
      this.#comparisons.chunk(params, { model: this.#requireModel(), document: (ref) => this.#requireDocument(ref) }),
    );
  }

  /** @throws RequestError (`noModel`), VoterNotesError, FileSystemError */
  async voterNotes(): Promise<VoterNotes> {
    const { findings, head } = this.#requireModel();
    return { folder: findings, notes: await readVoterNotes(findings, head.votersPerBit) };
  }

  /** @throws RequestError (`noModel`), VoterNotesError, FileSystemError */
  async setVoterNote(params: SetVoterNoteParams): Promise<VoterNotes> {
    const { findings, head } = this.#requireModel();
    await makeFolder(findings);
    return { folder: findings, notes: await setVoterNote(findings, head.votersPerBit, params) };
  }

  /** @throws RequestError (`noModel`, `badRequest`), ModelFolderError, FileSystemError */
  exportModel(params: ExportModelParams, signal: AbortSignal): Promise<ExportedModel> {
    return this.#work.run('background', signal, () => {
      const { folder, checkpoint } = this.#requireModel();
      return exportModel(folder, checkpoint, params);
    });
  }

  /** Runs a question about voters, which gives way to everything else. */
  #analyse<T>(
    signal: AbortSignal,
    onProgress: (progress: AnalysisProgress) => void,
    answer: (run: LongRun) => Promise<T>,
  ): Promise<T> {
    return this.#work.run('long', signal, () =>
      answer({
        model: this.#requireModel(),
        document: (ref) => this.#requireDocument(ref),
        signal,
        giveWay: () => this.#work.giveWay('long'),
        onProgress,
      }),
    );
  }

  #replace(model: LoadedModel | undefined): void {
    const previous = this.#model;
    this.#model = model;
    this.#analyses.forget();
    if (previous !== undefined) this.#release(previous);
  }

  #release(model: LoadedModel): void {
    // A range or a question about voters that gave way may still be running on it; after all that waits now nobody does.
    void this.#work.run('long', NEVER, () => model.inference.dispose());
  }

  /** Soon after the user looked at a chunk, runs the window that they come to next. */
  #anticipate(model: LoadedModel, view: 'inspector' | 'overview', document: InspectedDocument, offset: number): void {
    clearTimeout(this.#anticipations[view]);
    this.#anticipations[view] = setTimeout(() => {
      const work = async () => {
        if (this.#model === model) await model[view].anticipate(document, offset);
      };
      // What fails here fails again, and is told, where it is asked for.
      this.#work.run('background', NEVER, work).catch(() => undefined);
    }, UNTIL_DRAWN);
  }

  #requireModel(): LoadedModel {
    if (this.#model === undefined) throw new RequestError(ErrorCode.noModel, 'No model is loaded; load one first.');
    return this.#model;
  }

  #requireDocument({ uri, version }: DocumentRef): InspectedDocument {
    const document = this.#documents.get(uri);
    if (document === undefined) {
      throw new RequestError(ErrorCode.staleDocument, `The text of ${uri} was not sent before it was asked about.`);
    }
    if (document.version !== version) {
      throw new RequestError(
        ErrorCode.staleDocument,
        `Version ${version} of ${uri} was asked about, but version ${document.version} is what was sent last.`,
      );
    }
    return document;
  }
}
