/** @file The comparison of the loaded model with a second one, which is loaded beside it for as long as it is compared. */
import { compareChunk, compareContinuations, compareTexts } from '../inspection/comparison';
import type { ComparedSide } from '../inspection/comparison';
import type { InspectedDocument } from '../inspection/inspector';
import type { TurnOptions } from '../inspection/turns';
import type {
  ComparedChunk,
  ComparedChunkParams,
  ComparedContinuations,
  Comparison,
  ComparisonOpenParams,
  ComparisonTexts,
  ContinuationsParams,
} from '../protocol/comparison';
import type { DocumentRef } from '../protocol/documents';
import { ErrorCode } from '../measures/errorCodes';
import type { ModelSummary } from '../protocol/models';
import type { AnalysisProgress } from '../protocol/voterAnalyses';
import type { LoadedModel } from './loadedModel';
import { loadModel } from './loadedModel';
import { RequestError } from './requestErrors';

/** What a comparison needs of the one who answers. */
export interface ComparisonRun {
  /** The loaded model. */
  readonly model: LoadedModel;
  /** The text of a document that was sent; throws where it is not there in this version. */
  readonly document: (ref: DocumentRef) => InspectedDocument;
}

export interface LongRun extends ComparisonRun {
  readonly signal: AbortSignal;
  readonly giveWay: () => Promise<unknown>;
  readonly onProgress: (progress: AnalysisProgress) => void;
}

export class Comparisons {
  #second: LoadedModel | undefined;

  /** @param release frees a model once nobody uses it any more */
  constructor(private readonly release: (model: LoadedModel) => void) {}

  /**
   * Loads the second model in place of an earlier one, which stays where this fails.
   * @throws RequestError, ModelFolderError, FileSystemError, DeviceError, RuntimeMissingError
   */
  async open(params: ComparisonOpenParams): Promise<ModelSummary> {
    const { model, summary } = await loadModel(params);
    this.close();
    this.#second = model;
    return summary;
  }

  close(): null {
    const previous = this.#second;
    this.#second = undefined;
    if (previous !== undefined) this.release(previous);
    return null;
  }

  /** @throws RequestError (`noModel`, `staleDocument`), InspectionError, VoterChangeError; the signal's reason when it is aborted */
  compare(params: ComparisonTexts, run: LongRun): Promise<Comparison> {
    const { a, b } = this.#sides(params, run);
    const { signal, giveWay, onProgress } = run;
    return compareTexts(a, b, {
      signal,
      giveWay,
      onProgress: (done, total) => {
        onProgress({ phase: 'votes', done, total });
      },
    });
  }

  /** @throws RequestError (`noModel`, `staleDocument`), InspectionError, VoterChangeError */
  chunk(params: ComparedChunkParams, run: ComparisonRun): Promise<ComparedChunk> {
    const { a, b } = this.#sides(params, run);
    return compareChunk(a, b, params.offset);
  }

  /** @throws RequestError (`noModel`, `staleDocument`), InspectionError, VoterChangeError; the signal's reason when it is aborted */
  continuations(params: ContinuationsParams, run: ComparisonRun & TurnOptions): Promise<ComparedContinuations> {
    const { a, b } = this.#sides(params, run);
    const { signal, giveWay } = run;
    return compareContinuations(a, b, params, { signal, giveWay });
  }

  #sides(params: ComparisonTexts, run: ComparisonRun): { a: ComparedSide; b: ComparedSide } {
    const second = params.secondModel ? this.#second : run.model;
    if (second === undefined) {
      throw new RequestError(ErrorCode.noModel, 'The second model of the comparison is not loaded; compare again.');
    }
    return {
      a: { model: run.model, document: run.document(params.a), changes: params.a.changes },
      b: { model: second, document: run.document(params.b), changes: params.b.changes },
    };
  }
}
