/** @file What is compared with what, kept for the workspace, and what came of it. */
import * as vscode from 'vscode';
import type { ModelSummary } from '../../../model/protocol/models';
import type { SideName } from '../../../model/protocol/panels/comparison';
import type { ComparedVoters } from './comparedVoters';
import { readVoters, UNCHANGED } from './comparedVoters';

const SUBJECT = 'smuggler.comparison';

export interface ComparisonSubject {
  /** Folder of the second model; null where B is the loaded model too. */
  readonly folder: string | null;
  /** URIs of the two texts; null for the document that is looked at, on both sides. */
  readonly texts: { readonly a: string; readonly b: string } | null;
  /** What is changed of the voters of both. */
  readonly voters: Readonly<Record<SideName, ComparedVoters>>;
}

/** A comparison in short, for tests and other extensions. */
export interface ComparisonSummary {
  readonly folder: string | null;
  /** Voters that are silenced or held. */
  readonly changedVoters: readonly [a: number, b: number];
  readonly bitsPerByte: readonly [a: number, b: number];
  /** Both right, only A, only B, both wrong. */
  readonly chunks: readonly number[];
  readonly bits: readonly number[];
  /** The largest |A−B| of a chunk's surprise, in bits. */
  readonly largestDifference: number;
  /** What both write from the selected chunk on, as text; null where it is not known. */
  readonly continuations: readonly [a: string, b: string] | null;
}

/** What the workspace kept, whoever wrote it there; null where it is of another form. */
export function readSubject(value: unknown): ComparisonSubject | null {
  if (typeof value !== 'object' || value === null || !('folder' in value) || !('texts' in value)) return null;
  const { folder, texts } = value;
  if (folder !== null && typeof folder !== 'string') return null;
  // Kept before voters were compared.
  const stored: unknown = 'voters' in value ? value.voters : { a: UNCHANGED, b: UNCHANGED };
  if (typeof stored !== 'object' || stored === null || !('a' in stored) || !('b' in stored)) return null;
  const [a, b] = [readVoters(stored.a), readVoters(stored.b)];
  if (a === null || b === null) return null;
  const voters = { a, b };
  if (texts === null) return { folder, texts, voters };
  if (typeof texts !== 'object' || !('a' in texts) || !('b' in texts)) return null;
  if (typeof texts.a !== 'string' || typeof texts.b !== 'string') return null;
  return { folder, texts: { a: texts.a, b: texts.b }, voters };
}

export class ComparisonSubjects implements vscode.Disposable {
  readonly #didChange = new vscode.EventEmitter<'all' | 'voters'>();
  /** What the panel shows now. */
  summary: ComparisonSummary | null = null;
  /** The model of B that the panel shows; null where it shows none. */
  modelB: ModelSummary | null = null;

  constructor(private readonly memory: vscode.Memento) {}

  /** Fires with what is new. */
  readonly onDidChange = this.#didChange.event;

  /** What this workspace compared last; null where it never did. */
  get subject(): ComparisonSubject | null {
    return readSubject(this.memory.get<unknown>(SUBJECT));
  }

  async set(subject: ComparisonSubject): Promise<void> {
    await this.memory.update(SUBJECT, subject);
    this.#didChange.fire('all');
  }

  /** Changes the voters of one side; where nothing is compared yet, of the loaded model on the document that is looked at. */
  async setVoters(side: SideName, voters: ComparedVoters): Promise<void> {
    const now = this.subject ?? { folder: null, texts: null, voters: { a: UNCHANGED, b: UNCHANGED } };
    await this.memory.update(SUBJECT, { ...now, voters: { ...now.voters, [side]: voters } });
    this.#didChange.fire('voters');
  }

  dispose(): void {
    this.#didChange.dispose();
  }
}
