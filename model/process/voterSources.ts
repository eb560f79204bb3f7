/** @file The texts that a question about voters is about, and how one such question is carried out. */
import { fileURLToPath } from 'node:url';
import type { InspectedDocument, Inspector } from '../inspection/inspector';
import type { SourceText } from '../inspection/specialization/voteMatrix';
import type { VoterHead } from '../network/voterHead';
import type { DocumentRef } from '../protocol/documents';
import type { SkippedFile } from '../protocol/training';
import type { AnalysisProgress, VoterSources } from '../protocol/voterAnalyses';
import type { Inference } from '../runtime/inference';
import { readCorpus } from '../text/corpus';

/** Milliseconds between two messages about progress. */
const PROGRESS_EVERY = 100;

/** The loaded model, as far as these questions need it. */
export interface AnalysedModel {
  readonly inference: Inference;
  readonly inspector: Inspector;
  readonly head: Pick<VoterHead, 'votersPerBit'>;
  readonly checkpoint: string;
}

/** How one question is carried out. */
export interface AnalysisRun {
  readonly model: AnalysedModel;
  /** The text of a document that was sent; throws where it is not there in this version. */
  readonly document: (ref: DocumentRef) => InspectedDocument;
  readonly signal: AbortSignal;
  readonly giveWay: () => Promise<unknown>;
  readonly onProgress: (progress: AnalysisProgress) => void;
}

/** The documents, then the files that are not among them. */
export async function readSources(
  sources: VoterSources,
  run: AnalysisRun,
): Promise<{ readonly texts: readonly SourceText[]; readonly skipped: readonly SkippedFile[] }> {
  const texts: SourceText[] = sources.documents.map((source) => ({
    name: source.uri,
    bytes: run.document(source).bytes,
    ...(source.languageId === undefined ? {} : { languageId: source.languageId }),
  }));
  if (sources.paths.length === 0) return { texts, skipped: [] };
  const { files, skipped } = await readCorpus(sources.paths, {
    exclude: sources.exclude,
    maxFileBytes: sources.maxFileBytes,
    signal: run.signal,
    onProgress: (_, bytes) => {
      run.onProgress({ phase: 'reading', done: bytes, total: 0 });
    },
  });
  const open = new Set(texts.map(({ name }) => pathOf(name)));
  const others = files.filter(({ path }) => !open.has(path)).map(({ path, bytes }) => ({ name: path, bytes }));
  return { texts: [...texts, ...others], skipped };
}

/** The path of a document that is a file; its URI as it is otherwise. */
function pathOf(uri: string): string {
  return uri.startsWith('file:') ? fileURLToPath(uri) : uri;
}

/** The same run, with its progress told now and then, and when a phase begins or ends. */
export function throttled(run: AnalysisRun): AnalysisRun {
  let last = 0;
  let phase = '';
  return {
    ...run,
    onProgress: (progress) => {
      const now = performance.now();
      const isDue = progress.phase !== phase || progress.done === progress.total || now - last >= PROGRESS_EVERY;
      if (!isDue) return;
      phase = progress.phase;
      last = now;
      run.onProgress(progress);
    },
  };
}
