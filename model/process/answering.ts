/** @file What the answering process holds: one loaded model, the texts that the editor has sent, and work in its order. */
import type { InspectedDocument } from '../inspection/inspector';
import { ErrorCode } from '../measures/errorCodes';
import type { DocumentRef, DocumentSync } from '../protocol/documents';
import type { LoadParams, ModelSummary } from '../protocol/models';
import type { ComparisonRun } from './comparisons';
import { Comparisons } from './comparisons';
import type { LoadedModel } from './loadedModel';
import { loadModel } from './loadedModel';
import { Memories } from './memories';
import { RequestError } from './requestErrors';
import { StoredVoterStatistics } from './storedStatistics';
import { TextStatistics } from './textStatistics';
import { VoterAnalyses } from './voterAnalyses';
import { WorkQueue } from './workQueue';

const NEVER = new AbortController().signal;

/** Milliseconds after which what was asked for at the caret has been drawn, and nobody waits. */
const UNTIL_DRAWN = 50;

export class Answering {
  /** One piece of work with the model at a time. */
  readonly work = new WorkQueue();
  /** One load at a time, beside the work. */
  readonly loads = new WorkQueue();
  readonly analyses = new VoterAnalyses();
  readonly memories = new Memories();
  readonly statistics = new StoredVoterStatistics();
  readonly textStatistics = new TextStatistics();
  readonly comparisons = new Comparisons((model) => {
    this.#release(model);
  });
  readonly #documents = new Map<string, InspectedDocument>();
  readonly #anticipations: { inspector?: NodeJS.Timeout; overview?: NodeJS.Timeout } = {};
  #model: LoadedModel | undefined;

  /** @throws RequestError (`noModel`) */
  get model(): LoadedModel {
    if (this.#model === undefined) throw new RequestError(ErrorCode.noModel, 'No model is loaded; load one first.');
    return this.#model;
  }

  /** @throws RequestError, ModelFolderError, FileSystemError, DeviceError, RuntimeMissingError; the model before then stays */
  async load(params: LoadParams): Promise<ModelSummary> {
    const { model, summary } = await loadModel(params);
    this.#replace(model);
    return summary;
  }

  unload(): null {
    this.#replace(undefined);
    return null;
  }

  sync(document: DocumentSync): void {
    this.#documents.set(document.uri, document);
  }

  close(uri: string): void {
    this.#documents.delete(uri);
  }

  /** The text of a document that was sent. @throws RequestError (`staleDocument`) where it is not there in this version */
  document({ uri, version }: DocumentRef): InspectedDocument {
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

  /** What a question about several texts, or about voters, is carried out with. @throws RequestError (`noModel`) */
  with<Run extends object>(run: Run): Run & ComparisonRun {
    return { ...run, model: this.model, document: (ref) => this.document(ref) };
  }

  /** Soon after the user looked at a chunk, runs the window that they come to next. */
  anticipate(view: 'inspector' | 'overview', document: InspectedDocument, offset: number): void {
    const { model } = this;
    clearTimeout(this.#anticipations[view]);
    this.#anticipations[view] = setTimeout(() => {
      const work = async () => {
        if (this.#model === model) await model[view].anticipate(document, offset);
      };
      // What fails here fails again, and is told, where it is asked for.
      this.work.run('background', NEVER, work).catch(() => undefined);
    }, UNTIL_DRAWN);
  }

  #replace(model: LoadedModel | undefined): void {
    const previous = this.#model;
    this.#model = model;
    this.analyses.forget();
    this.textStatistics.forget();
    this.memories.forget();
    if (previous !== undefined) this.#release(previous);
  }

  #release(model: LoadedModel): void {
    // A range or a question about voters that gave way may still be running on it; after all that waits now nobody does.
    void this.work.run('long', NEVER, async () => {
      await model.overview.dispose();
      await model.attention.dispose();
      await model.depth.dispose();
      await model.inference.dispose();
    });
  }
}
