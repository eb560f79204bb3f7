/** @file Exports that were asked of a page and have not been answered yet. */
import type {
  ExportAbout,
  ExportAnswer,
  ExportContent,
  ExportFormat,
  ExportRequest,
} from '../../../model/protocol/panels/export';

/** A page that has not answered by then does not answer any more; a large picture takes a few seconds. */
const TIMEOUT_MILLISECONDS = 30_000;

interface Pending {
  readonly title: string;
  readonly resolve: (content: ExportContent) => void;
  readonly timer: NodeJS.Timeout;
}

export class PendingExports {
  #id = 0;
  readonly #pending = new Map<number, Pending>();

  constructor(private readonly timeout = TIMEOUT_MILLISECONDS) {}

  /** Posts a request; the promise never rejects. */
  ask(format: ExportFormat, about: ExportAbout, post: (request: ExportRequest) => void): Promise<ExportContent> {
    const id = ++this.#id;
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#settle(id, { kind: 'failure', message: `${about.title} did not answer, so it could not be exported.` });
      }, this.timeout);
      this.#pending.set(id, { title: about.title, resolve, timer });
      post({ type: 'export', id, format, about });
    });
  }

  answered({ id, content }: ExportAnswer): void {
    this.#settle(id, content);
  }

  /** The page is gone, and answers with it. */
  abandon(): void {
    for (const [id, { title }] of this.#pending) {
      this.#settle(id, { kind: 'failure', message: `${title} was closed or hidden before it could be exported.` });
    }
  }

  #settle(id: number, content: ExportContent): void {
    const pending = this.#pending.get(id);
    if (pending === undefined) return;
    this.#pending.delete(id);
    clearTimeout(pending.timer);
    pending.resolve(content);
  }
}
