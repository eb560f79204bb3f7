/** @file What is compared with what, kept for the workspace, and what came of it. */
import * as vscode from 'vscode';

const SUBJECT = 'smuggler.comparison';

export interface ComparisonSubject {
  /** Folder of the second model; null where B is the loaded model too. */
  readonly folder: string | null;
  /** URIs of the two texts; null for the document that is looked at, on both sides. */
  readonly texts: { readonly a: string; readonly b: string } | null;
}

/** A comparison in short, for tests and other extensions. */
export interface ComparisonSummary {
  readonly folder: string | null;
  readonly bitsPerByte: readonly [a: number, b: number];
  /** Both right, only A, only B, both wrong. */
  readonly chunks: readonly number[];
  readonly bits: readonly number[];
  /** The largest |A−B| of a chunk's surprise, in bits. */
  readonly largestDifference: number;
}

export class ComparisonSubjects implements vscode.Disposable {
  readonly #didChange = new vscode.EventEmitter<ComparisonSubject | null>();
  /** What the panel shows now. */
  summary: ComparisonSummary | null = null;

  constructor(private readonly memory: vscode.Memento) {}

  readonly onDidChange = this.#didChange.event;

  /** What this workspace compared last; null where it never did. */
  get subject(): ComparisonSubject | null {
    return this.memory.get<ComparisonSubject>(SUBJECT) ?? null;
  }

  async set(subject: ComparisonSubject): Promise<void> {
    await this.memory.update(SUBJECT, subject);
    this.#didChange.fire(subject);
  }

  dispose(): void {
    this.#didChange.dispose();
  }
}
