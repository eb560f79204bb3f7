/** @file Typed requests to the process that answers; documents are sent when a request needs a version it lacks. */
import { randomUUID } from 'node:crypto';
import type * as vscode from 'vscode';
import type { CancellationToken, RequestType } from 'vscode-jsonrpc';
import type { CompleteRequestParams, Completion } from '../../model/protocol/completion';
import type { DocumentRef } from '../../model/protocol/documents';
import type {
  ChunkInspection,
  RangeInspection,
  VoterChange,
  VoterQuantity,
  VoterRange,
  VoterTile,
} from '../../model/protocol/inspection';
import type { LesionInspection } from '../../model/protocol/lesions';
import type { LoadParams, ModelActivity, ModelOverview, ModelSummary } from '../../model/protocol/models';
import type { PresetSummary } from '../../model/protocol/training';
import type { AnalysisParams, AnalysisProgress } from '../../model/protocol/voterAnalyses';
import { CompleteRequest } from '../../model/protocol/completion';
import { DocumentCloseNotification, DocumentSyncNotification } from '../../model/protocol/documents';
import { ErrorCode } from '../../model/protocol/errors';
import {
  InspectChunkRequest,
  InspectRangeRequest,
  VoterRangeRequest,
  VoterTileRequest,
} from '../../model/protocol/inspection';
import { LesionRequest } from '../../model/protocol/lesions';
import { LoadRequest, ModelActivityRequest, ModelOverviewRequest } from '../../model/protocol/models';
import { PresetsRequest } from '../../model/protocol/training';
import { AnalysisProgressType } from '../../model/protocol/voterAnalyses';
import type { DocumentTexts } from './documentTexts';
import { LruMap } from '../lru';
import type { Timings } from '../timings';
import { isModelRequestError } from './errors';
import type { ModelProcess, ProgressListener } from './modelProcess';

/** Documents that the process keeps. */
const KEPT = 8;

export class ModelClient {
  /** uri → the version that the process has. */
  readonly #sent = new LruMap<string, number>(KEPT, (uri) => {
    this.process.notify(DocumentCloseNotification, { uri });
  });

  constructor(
    private readonly process: ModelProcess,
    private readonly texts: DocumentTexts,
    private readonly timings: Timings,
  ) {
    process.onDidStart(() => {
      this.#sent.clear();
    });
  }

  load(params: LoadParams): Promise<ModelSummary> {
    return this.timings.measure('load', () => this.process.request(LoadRequest, params));
  }

  /**
   * The votes for the chunk that holds byte `offset`.
   * @param alternatives how many of the model's own chunks to list
   */
  inspectChunk(
    document: vscode.TextDocument,
    offset: number,
    alternatives: number,
    token?: vscode.CancellationToken,
  ): Promise<ChunkInspection> {
    return this.#about(document, (ref) =>
      this.timings.measure('inspectChunk', () =>
        this.process.request(InspectChunkRequest, { ...ref, offset, alternatives }, token),
      ),
    );
  }

  /**
   * The chunk that holds byte `offset` with its voters as they are, and with some silenced or held.
   * @param continuation bytes to decode from the chunk on
   */
  lesion(
    document: vscode.TextDocument,
    offset: number,
    changes: readonly VoterChange[],
    continuation: number,
    token?: vscode.CancellationToken,
  ): Promise<LesionInspection> {
    return this.#about(document, (ref) =>
      this.timings.measure('lesion', () =>
        this.process.request(LesionRequest, { ...ref, offset, changes, continuation }, token),
      ),
    );
  }

  /**
   * Measurements of `count` chunks from `firstChunk` on.
   * @param changes voters that are silenced or held at every chunk
   */
  inspectRange(
    document: vscode.TextDocument,
    firstChunk: number,
    count: number,
    changes: readonly VoterChange[],
  ): Promise<RangeInspection> {
    return this.#about(document, (ref) =>
      this.timings.measure('inspectRange', () =>
        this.process.request(InspectRangeRequest, { ...ref, firstChunk, count, changes }),
      ),
    );
  }

  /** Votes or weights of every voter at `count` chunks from `firstChunk` on, a byte each. */
  inspectVoters(
    document: vscode.TextDocument,
    firstChunk: number,
    count: number,
    quantity: VoterQuantity,
  ): Promise<VoterTile> {
    return this.#about(document, (ref) =>
      this.timings.measure('inspectVoters', () =>
        this.process.request(VoterTileRequest, { ...ref, firstChunk, count, quantity }),
      ),
    );
  }

  /** The votes of one voter at `count` chunks from `firstChunk` on. */
  inspectVoter(
    document: vscode.TextDocument,
    firstChunk: number,
    count: number,
    bit: number,
    voter: number,
  ): Promise<VoterRange> {
    return this.#about(document, (ref) =>
      this.process.request(VoterRangeRequest, { ...ref, firstChunk, count, bit, voter }),
    );
  }

  /** The loaded model as a whole: its blocks are measured, which takes a fraction of a second. */
  async modelOverview(): Promise<ModelOverview> {
    await this.process.start();
    return this.process.request(ModelOverviewRequest, {});
  }

  /** How active every block is for the chunk that holds byte `offset`. */
  modelActivity(document: vscode.TextDocument, offset: number): Promise<ModelActivity> {
    return this.#about(document, (ref) => this.process.request(ModelActivityRequest, { ...ref, offset }));
  }

  /** What Train Model… can train. Asked here, because this process runs already. */
  presets(): Promise<readonly PresetSummary[]> {
    return this.process.request(PresetsRequest, {});
  }

  complete(params: CompleteRequestParams, token?: vscode.CancellationToken): Promise<Completion> {
    return this.timings.measure('complete', () => this.process.request(CompleteRequest, params, token));
  }

  /**
   * A question about voters over texts, of which `document` is one.
   * @param params what is asked, for the version of the document that is sent
   */
  analyse<P extends AnalysisParams, R>(
    type: RequestType<P, R, void>,
    document: vscode.TextDocument,
    params: (ref: DocumentRef, progressToken: string) => P,
    onProgress: (progress: AnalysisProgress) => void,
    token: CancellationToken,
  ): Promise<R> {
    const progress = { type: AnalysisProgressType, token: randomUUID(), report: onProgress };
    return this.#about(document, (ref) =>
      this.timings.measure('analysis', () => this.process.request(type, params(ref, progress.token), token, progress)),
    );
  }

  /**
   * A question about two texts, which may be one.
   * @param params what is asked, for the versions of the documents that are sent
   */
  askAboutTexts<P extends object, R, T = never>(
    type: RequestType<P, R, void>,
    [a, b]: readonly [vscode.TextDocument, vscode.TextDocument],
    params: (a: DocumentRef, b: DocumentRef) => P,
    token?: CancellationToken,
    progress?: ProgressListener<T>,
  ): Promise<R> {
    return this.#about(a, (refA) =>
      this.#about(b, (refB) => this.process.request(type, params(refA, refB), token, progress)),
    );
  }

  /** A question about the loaded model that needs no text. */
  ask<P extends object, R>(type: RequestType<P, R, void>, params: P): Promise<R> {
    return this.process.request(type, params);
  }

  /** The process may forget a document. */
  close(document: vscode.TextDocument): void {
    const uri = document.uri.toString();
    if (this.#sent.delete(uri)) this.process.notify(DocumentCloseNotification, { uri });
  }

  async #about<R>(document: vscode.TextDocument, request: (ref: DocumentRef) => Promise<R>): Promise<R> {
    await this.process.start();
    try {
      return await request(this.#sync(document));
    } catch (error) {
      // A process that was restarted in between knows no documents: once more, with the text.
      if (!isModelRequestError(error) || error.code !== ErrorCode.staleDocument) throw error;
      this.#sent.delete(document.uri.toString());
      return request(this.#sync(document));
    }
  }

  #sync(document: vscode.TextDocument): DocumentRef {
    const ref = { uri: document.uri.toString(), version: document.version };
    if (this.#sent.get(ref.uri) !== ref.version) {
      this.process.notify(DocumentSyncNotification, { ...ref, bytes: this.texts.get(document).bytes });
      this.#sent.set(ref.uri, ref.version);
    }
    return ref;
  }
}
