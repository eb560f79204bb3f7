/** @file Measures the two sides of a comparison when they are new or have changed, with progress and cancelling, and keeps the result. */
import type * as vscode from 'vscode';
import type { Comparison, ComparisonTexts } from '../../../model/protocol/comparison';
import type { DocumentRef } from '../../../model/protocol/documents';
import type { VoterChange } from '../../../model/protocol/inspection';
import type { ModelSummary } from '../../../model/protocol/models';
import type { ComparisonWithBytes } from '../../../model/protocol/panels/comparison';
import { isModelProcessExitError } from '../../modelProcess/errors';
import { resultOf } from './comparisonData';
import type { SecondModel } from './comparisonModel';
import type { Services } from '../../editor/services';
import { PanelTask } from '../frame/panelTask';
import { progressWords } from '../frame/progressWords';
import { modelKey } from '../../modelProcess/modelState';

/** Both texts, both models and what is changed of their voters, as they are now. */
export interface ComparisonSides {
  readonly a: vscode.TextDocument;
  readonly b: vscode.TextDocument;
  readonly modelA: ModelSummary;
  readonly modelB: ModelSummary;
  readonly changesA: readonly VoterChange[];
  readonly changesB: readonly VoterChange[];
  /** Folder of the second model; null where there is only the loaded one. */
  readonly folder: string | null;
}

/** Bytes up to which a text is measured again by itself when it has changed: a second or two of work. */
const QUICK_BYTES = 16 * 1024;
/** Milliseconds that a text has to rest before that. */
const REST = 400;

interface Measured {
  readonly identity: string;
  readonly key: string;
  readonly generation: number;
  readonly result: ComparisonWithBytes;
}

/** Names texts, models and voters, whatever the texts say. */
function identityOf({ a, b, modelA, modelB, changesA, changesB }: ComparisonSides): string {
  return JSON.stringify([[a.uri, b.uri].map(String), modelKey(modelA), modelKey(modelB), changesA, changesB]);
}

/** Names all that the numbers depend on. */
export function keyOf(sides: ComparisonSides): string {
  return `${sides.a.version} ${sides.b.version} ${identityOf(sides)}`;
}

/** Both sides as a request names them. */
export function requestOf(
  { changesA, changesB, folder }: ComparisonSides,
  a: DocumentRef,
  b: DocumentRef,
): ComparisonTexts {
  return { a: { ...a, changes: changesA }, b: { ...b, changes: changesB }, secondModel: folder !== null };
}

export class ComparisonMeasurement implements vscode.Disposable {
  #measured: Measured | null = null;
  #generation = 0;
  /** What was asked last, answered or not. */
  #asked: { readonly identity: string; readonly key: string } | null = null;
  #timer: NodeJS.Timeout | undefined;
  readonly #task: PanelTask<Comparison, 'comparison'>;

  /** @param onChange a result, progress or a failure are to be shown */
  constructor(
    private readonly services: Pick<Services, 'client' | 'texts' | 'timings'>,
    private readonly second: SecondModel,
    onChange: () => void,
  ) {
    this.#task = new PanelTask('comparison', onChange);
  }

  get work(): { readonly words: string; readonly share: number | null } | null {
    return this.#task.work;
  }

  get failure(): string | null {
    return this.#task.failure;
  }

  /** The result for these texts and models; outdated where a text has changed since. */
  of(sides: ComparisonSides): (Measured & { readonly outdated: boolean }) | null {
    const measured = this.#measured;
    if (measured?.identity !== identityOf(sides)) return null;
    return { ...measured, outdated: measured.key !== keyOf(sides) };
  }

  /** Measures what is new; of a long text that was only edited, not before the user asks. */
  want(sides: ComparisonSides): void {
    const identity = identityOf(sides);
    if (this.#asked?.key === keyOf(sides)) return;
    clearTimeout(this.#timer);
    if (this.#asked?.identity !== identity) this.measure(sides);
    else if (this.#bytes(sides) <= QUICK_BYTES) {
      this.#timer = setTimeout(() => {
        this.measure(sides);
      }, REST);
    }
  }

  /** Measures now, in place of what is being measured. */
  measure(sides: ComparisonSides): void {
    clearTimeout(this.#timer);
    const { client, texts, timings } = this.services;
    const { a, b, folder } = sides;
    const asked = { identity: identityOf(sides), key: keyOf(sides) };
    this.#asked = asked;
    const bytesA = texts.get(a).bytes;
    const bytesB = a === b ? null : texts.get(b).bytes;
    this.#task.run(
      'Comparing',
      (token, report) =>
        timings
          .measure('compare', () =>
            this.second.with(folder, () =>
              client.askAbout([a, b], 'comparison/texts', (refA, refB) => requestOf(sides, refA, refB), {
                token,
                onProgress: (progress) => {
                  report(...progressWords(progress));
                },
              }),
            ),
          )
          .catch((error: unknown) => {
            // The model is loaded again by then, and this is asked once more.
            if (isModelProcessExitError(error) && this.#asked === asked) this.#asked = null;
            throw error;
          }),
      (comparison) => {
        this.#measured = { ...asked, generation: ++this.#generation, result: resultOf(comparison, bytesA, bytesB) };
      },
    );
  }

  cancel(): void {
    this.#task.cancel();
  }

  /** Gives up what is measured and forgets the result: the panel shows no numbers now. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#task.clear();
    this.#measured = null;
    this.#asked = null;
  }

  dispose(): void {
    this.clear();
  }

  #bytes({ a, b }: ComparisonSides): number {
    const { texts } = this.services;
    return Math.min(texts.get(a).bytes.length, texts.get(b).bytes.length);
  }
}
