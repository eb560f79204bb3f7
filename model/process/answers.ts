/** @file The role that answers: one loaded model, the texts that the editor has sent, and what is asked about them. */
import { basename } from 'node:path';
import { makeFolder } from '../checkpoint/atomicWrite';
import { readModelFolder } from '../checkpoint/modelFolder';
import { readVoterNotes, setVoterNote } from '../checkpoint/voterNotes';
import { complete } from '../completion/complete';
import type { InspectedDocument } from '../inspection/inspector';
import { Inspector } from '../inspection/inspector';
import { Overview } from '../inspection/overview';
import { voterRange } from '../inspection/voterRange';
import { votersPerBit } from '../network/config';
import { parameterCount } from '../network/parameters';
import { VoterHead } from '../network/voterHead';
import type { CompleteParams, Completion } from '../protocol/completion';
import type { DocumentRef, DocumentSync } from '../protocol/documents';
import type {
  ChunkInspection,
  InspectChunkParams,
  InspectRangeParams,
  RangeInspection,
  VoterRange,
  VoterRangeParams,
} from '../protocol/inspection';
import type { LesionInspection, LesionParams } from '../protocol/lesions';
import type { ActivityParams, LoadParams, ModelActivity, ModelOverview, ModelSummary } from '../protocol/models';
import type { StatisticsSummary, VoterDashboard, VoterStatisticsParams } from '../protocol/statistics';
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
import type { Device } from '../runtime/device';
import { isDevice } from '../runtime/device';
import { Inference } from '../runtime/inference';
import { isDeviceError } from '../runtime/onnxSession';
import { chooseThreads } from '../training/plan';
import { RequestError } from './requestErrors';
import type { AnalysisRun } from './voterAnalyses';
import { VoterAnalyses } from './voterAnalyses';
import { StoredVoterStatistics } from './storedStatistics';
import { WorkQueue } from './workQueue';

interface LoadedModel {
  readonly folder: string;
  /** Where statistics, names and notes are kept. */
  readonly findings: string;
  readonly checkpoint: string;
  readonly inference: Inference;
  readonly head: VoterHead;
  readonly inspector: Inspector;
  readonly overview: Overview;
}

const NEVER = new AbortController().signal;

/** Answers requests about texts with the model that is loaded. One at a time; hovers and completions go before ranges. */
export class Answers {
  readonly #documents = new Map<string, InspectedDocument>();
  readonly #work = new WorkQueue();
  readonly #loads = new WorkQueue();
  readonly #analyses = new VoterAnalyses();
  readonly #statistics = new StoredVoterStatistics();
  #model: LoadedModel | undefined;

  /**
   * Loads a model in place of the one before, which stays where this fails. A device that cannot run it is replaced by the CPU, and the
   * summary says so.
   * @throws RequestError, ModelFolderError, FileSystemError, DeviceError, RuntimeMissingError
   */
  load(params: LoadParams, signal: AbortSignal): Promise<ModelSummary> {
    return this.#loads.run('now', signal, async () => {
      const { folder, findings = folder, threads } = params;
      const device = requireDevice(params.device);
      const { config, parameters, checkpoint, steps } = await readModelFolder(folder);
      const create = (on: Device) =>
        Inference.create(config, parameters, { device: on, threads: chooseThreads(threads) });
      let used: Device = device;
      let notice: string | undefined;
      const inference = await create(device).catch((error: unknown) => {
        if (device === 'cpu' || !isDeviceError(error)) throw error;
        used = 'cpu';
        notice = `${error.message.replace(/\.?\s*$/, '')}; the CPU is used instead.`;
        return create('cpu');
      });
      // Compiles what every hover and completion runs, so that the first is as quick as the others.
      await inference.hidden(new Uint8Array(4 * config.context_chunks), 1);
      const head = new VoterHead(config, parameters, inference.temperatures);
      const model = { folder, findings, checkpoint, inference, head };
      this.#replace({ ...model, inspector: new Inspector(model), overview: new Overview(model) });
      return {
        folder,
        name: basename(folder),
        checkpoint,
        config,
        parameters: parameterCount(config),
        steps,
        temperatures: inference.temperatures,
        votersPerBit: votersPerBit(config),
        device: used,
        ...(notice === undefined ? {} : { notice }),
      };
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
    return this.#work.run('now', signal, () =>
      this.#requireModel().inspector.inspectChunk(this.#requireDocument(params), params.offset, params.alternatives),
    );
  }

  /** @throws RequestError (`noModel`, `staleDocument`), InspectionError, VoterChangeError */
  lesion(params: LesionParams, signal: AbortSignal): Promise<LesionInspection> {
    return this.#work.run('now', signal, () =>
      this.#requireModel().inspector.lesion(this.#requireDocument(params), params, signal),
    );
  }

  /** @throws RequestError (`noModel`, `staleDocument`) */
  inspectRange(params: InspectRangeParams, signal: AbortSignal): Promise<RangeInspection> {
    return this.#work.run('background', signal, () =>
      this.#requireModel().inspector.inspectRange(this.#requireDocument(params), params.firstChunk, params.count, {
        signal,
        giveWay: () => this.#work.giveWay(),
      }),
    );
  }

  /** @throws RequestError (`noModel`) */
  complete(params: CompleteParams, signal: AbortSignal): Promise<Completion> {
    return this.#work.run('now', signal, () => complete(this.#requireModel(), params, { signal }));
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

  /** @throws RequestError (`noModel`), DeviceError */
  overview(signal: AbortSignal): Promise<ModelOverview> {
    return this.#work.run('background', signal, () =>
      this.#requireModel().overview.describe(() => this.#work.giveWay()),
    );
  }

  /** @throws RequestError (`noModel`, `staleDocument`), InspectionError, DeviceError */
  activity(params: ActivityParams, signal: AbortSignal): Promise<ModelActivity> {
    return this.#work.run('background', signal, () =>
      this.#requireModel().overview.activity(this.#requireDocument(params), params.offset),
    );
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
  async voter(params: VoterStatisticsParams): Promise<VoterDashboard | null> {
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

  /** Runs a question about voters, which gives way to everything else. */
  #analyse<T>(
    signal: AbortSignal,
    onProgress: (progress: AnalysisProgress) => void,
    answer: (run: AnalysisRun) => Promise<T>,
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
    // A range or a question about voters that gave way may still be running on it; after all that waits now nobody does.
    if (previous !== undefined) void this.#work.run('long', NEVER, () => previous.inference.dispose());
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

/** @throws RequestError where there is no device of this name */
export function requireDevice(name: string): Device {
  if (isDevice(name)) return name;
  throw new RequestError(ErrorCode.badRequest, `"${name}" is not a device; choose cpu, webgpu, cuda, dml or coreml.`);
}
