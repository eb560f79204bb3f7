/** @file Typed requests to the process that answers; documents are sent when a request needs a version it lacks. */
import type * as vscode from 'vscode';
import { ErrorCode } from '../../model/measures/errorCodes';
import type { DocumentRef } from '../../model/protocol/documents';
import type { AnswerOf, ParamsOf, ProgressOf, RequestName } from '../../model/protocol/requests';
import { LruMap } from '../lru';
import type { TimingName, Timings } from '../timings';
import type { AskOptions } from './ask';
import type { DocumentTexts } from './documentTexts';
import { isModelRequestError } from './errors';
import type { ModelProcess } from './modelProcess';

/** Documents that the process keeps. */
const KEPT = 8;

/** Requests whose latency a user feels. */
const TIMED: { readonly [Name in RequestName]?: TimingName } = {
  'model/load': 'load',
  'inspect/chunk': 'inspectChunk',
  'inspect/lesion': 'lesion',
  'memory/chunk': 'memoryChunk',
  'memory/read': 'memoryRead',
  'inspect/causes': 'causes',
  'inspect/range': 'inspectRange',
  'inspect/voters': 'inspectVoters',
  'statistics/texts': 'analysis',
  'specialization/map': 'analysis',
  'concept/search': 'analysis',
  'agreement/search': 'analysis',
};

export class ModelClient {
  /** uri → the version that the process has. */
  readonly #sent = new LruMap<string, number>(KEPT, (uri) => {
    this.process.notify('document/close', { uri });
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

  /** Fires when a process begins, which knows nothing of what one before it was told. */
  get onDidStartProcess() {
    return this.process.onDidStart;
  }

  /** @throws ModelRequestError, ModelProcessExitError, RequestCancelledError */
  async ask<Name extends RequestName>(
    name: Name,
    params: ParamsOf<Name>,
    options?: AskOptions<ProgressOf<Name>>,
  ): Promise<AnswerOf<Name>> {
    const timing = TIMED[name];
    const work = () => this.process.ask(name, params, options);
    return timing === undefined ? work() : this.timings.measure(timing, work);
  }

  /**
   * Asks about documents, whose text is sent first where the process lacks it.
   * @param params what is asked, for the versions of the documents that are sent, in their order
   * @throws ModelRequestError, ModelProcessExitError, RequestCancelledError
   */
  async askAbout<Name extends RequestName, const Documents extends readonly vscode.TextDocument[]>(
    documents: Documents,
    name: Name,
    params: (...refs: { readonly [Index in keyof Documents]: DocumentRef }) => ParamsOf<Name>,
    options?: AskOptions<ProgressOf<Name>>,
  ): Promise<AnswerOf<Name>> {
    await this.process.start();
    const request = () => this.ask(name, params(...this.#sync(documents)), options);
    try {
      return await request();
    } catch (error) {
      // A process that was restarted in between knows no documents: once more, with the text.
      if (!isModelRequestError(error) || error.code !== ErrorCode.staleDocument) throw error;
      for (const document of documents) this.#sent.delete(document.uri.toString());
      return request();
    }
  }

  /** The process may forget a document. */
  close(document: vscode.TextDocument): void {
    const uri = document.uri.toString();
    if (this.#sent.delete(uri)) this.process.notify('document/close', { uri });
  }

  #sync<Documents extends readonly vscode.TextDocument[]>(
    documents: Documents,
  ): { readonly [Index in keyof Documents]: DocumentRef } {
    return documents.map((document): DocumentRef => {
      const ref = { uri: document.uri.toString(), version: document.version };
      if (this.#sent.get(ref.uri) !== ref.version) {
        this.process.notify('document/sync', { ...ref, bytes: this.texts.get(document).bytes });
        this.#sent.set(ref.uri, ref.version);
      }
      return ref;
    }) as { [Index in keyof Documents]: DocumentRef };
  }
}
